// Prints which entries of the SDK are, to code in an archive, the very objects that the program around it has.
import * as sdk from '@liberacces/sdk'
import * as jsxRuntime from '@liberacces/sdk/jsx-runtime'
import * as slots from '@liberacces/sdk/slots'
import * as ui from '@liberacces/sdk/ui'
import { evaluateCode } from '../../src/catalogue/archive/evaluate-code.ts'

const ENTRIES = { '': sdk, '/slots': slots, '/ui': ui, '/jsx-runtime': jsxRuntime } as const

const code = `module.exports = { default: { setup() {}, entries: { ${Object.keys(ENTRIES).map((path) => `"${path}": require("@liberacces/sdk${path}")`).join(', ')} } } }`
const { entries } = (await evaluateCode(code, 'probe.cjs', 5_000)) as unknown as { readonly entries: Readonly<Record<string, Readonly<Record<string, unknown>>>> }
const same = Object.entries(ENTRIES).filter(([path, own]) => Object.entries(own).every(([name, value]) => entries[path]?.[name] === value)).map(([path]) => path)
process.stdout.write(JSON.stringify(same))
