import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import type { Check } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import type { SourceSubject } from '../../harness/subject.ts'
import { lookAtAll, textOf, type Place } from '../parts/looked-at-code.ts'

const SDK = '@liberacces/sdk'
/** What the platform gives to the code of an archive. */
const ENTRIES: ReadonlySet<string> = new Set([SDK, `${SDK}/slots`, `${SDK}/ui`, `${SDK}/csv`, `${SDK}/jsx-runtime`, `${SDK}/jsx-dev-runtime`])

interface Described {
  readonly name?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** It imports what is public, and what it says that it needs. */
export const publicImports: Check<'static'> = {
  id: 'SEC-02', since: '1.0', level: 'bronze', gate: 'static', maturity: 'enforced', timeoutMs: 20_000,
  title: { fr: 'Seules des interfaces publiques sont utilisées', en: 'Only public interfaces are used' },
  rationale: {
    fr: 'Ce qui n’est pas public change sans prévenir et contourne les contrôles ; ce qui n’est pas déclaré n’est surveillé par personne.',
    en: 'What is not public changes without notice and goes around the controls; what is not declared is watched by nobody.',
  },
  howToFix: `Import from ${SDK}, its /slots, /ui and /csv, from other plugins by their /contract, and from packages that stand in "dependencies" of package.json.`,
  example: { bad: "import { Store } from '@liberacces/core/src/storage/store.ts'", good: "import { definePlugin } from '@liberacces/sdk'" },
  refs: { cwe: [1104] },
  async run(subject) {
    if (subject.code.length === 0) return { status: 'skip', why: 'There is no code to look at.' }
    const { folder } = subject
    if (folder === undefined) return findings(lookAtAll(subject, this.howToFix, (place) => { const name = specifierOf(place); return name === undefined ? undefined : faultInBundle(name) }))
    const described = JSON.parse(await folder.read('package.json')) as Described
    const own = { ...subject, bundle: undefined } satisfies SourceSubject
    const found = own.code.flatMap((file) => lookAtAll({ ...own, code: [file] }, this.howToFix, (place) => {
      const name = specifierOf(place)
      return name === undefined ? undefined : faultInSource(name, file.path, described)
    }))
    return findings(found)
  },
}

function specifierOf({ node, isGlobal }: Place): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration': return node.source.value
    case 'ExportAllDeclaration': return node.source.value
    case 'ExportNamedDeclaration': return node.source?.value
    case 'ImportExpression': return textOf(node.source)
    case 'CallExpression': return node.callee.type === 'Identifier' && node.callee.name === 'require' && isGlobal('require') ? textOf(node.arguments[0]) : undefined
    default: return undefined
  }
}

function faultInSource(specifier: string, file: string, described: Described): string | undefined {
  if (specifier.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), specifier))
    return target.startsWith('..') ? `It imports ${specifier}, which lies outside of the plugin's folder.` : undefined
  }
  if (specifier.startsWith('#')) return undefined
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  if (name === SDK) return ENTRIES.has(specifier) ? undefined : `It imports ${specifier}; the SDK is ${SDK}, ${SDK}/slots, ${SDK}/ui and ${SDK}/csv.`
  if (name === '@liberacces/core' || name === '@liberacces/certification') return `It imports ${specifier}, which is not for plugins.`
  if (name === described.name) return undefined
  if (/\/(src|lib\/internal|internal)\//.test(specifier)) return `It imports ${specifier}, which is inside of a package and not public.`
  const declared = { ...described.dependencies, ...described.peerDependencies }
  if (!Object.hasOwn(declared, name)) return `It imports ${specifier}, and "${name}" stands not in the dependencies of its package.json.`
  // Another plugin is known by its package; what runs of it is its own business.
  return /(^|\/)plugin-/.test(name) && specifier !== `${name}/contract` ? `It imports ${specifier}; another plugin is met by its contract, ${name}/contract.` : undefined
}

function faultInBundle(specifier: string): string | undefined {
  if (ENTRIES.has(specifier) || specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined
  return `It asks for "${specifier}", which no archive may: its code stands alone beside the SDK.`
}
