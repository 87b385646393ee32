// Checks that promises and tests speak of each other. A promise is a line `- **T1** text` in core/SPEC.md or
// certification/SPEC.md; its proof is a test whose title starts with `[T1]` (or `[T1] [T2]` for several), in a test file or in a
// contract suite that several drivers run (test/**/certify-<contract>.ts). A promise
// without a proof, a proof of no promise, and a number given twice are problems. A skipped test proves nothing.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { filesUnder, packageFolders, read, report, root } from './workspace.ts'

const SPECS = ['core/SPEC.md', 'certification/SPEC.md']
const PROMISE = /^- \*\*([A-Z]{1,4}\d+)\*\* /gm
const TITLE = /(\b(?:test|it|describe|suite)\b[\w.]*)?(?:<[^>]*>)?\(\s*['"`]((?:\[[A-Z]{1,4}\d+\]\s*)+)/g

const missing = SPECS.filter((spec) => !existsSync(join(root, spec))).map((spec) => `${spec}: missing`)
const promises = SPECS.filter((spec) => existsSync(join(root, spec)))
  .flatMap((spec) => [...read(spec).matchAll(PROMISE)].map((match) => ({ spec, id: match[1] ?? '' })))
const twice = promises.filter(({ id }, index) => promises.findIndex((other) => other.id === id) !== index)
  .map(({ spec, id }) => `${spec}: the number ${id} is given twice`)

const titles = packageFolders()
  .filter((folder) => existsSync(join(root, folder, 'test')))
  .flatMap((folder) => filesUnder(`${folder}/test`, /(?:\.test\.tsx?|\/certify-[a-z-]+\.ts)$/))
  .flatMap((file) => [...read(file).matchAll(TITLE)].flatMap(([, call = '', ids = '']) =>
    [...ids.matchAll(/\[(\w+)\]/g)].map((match) => ({ file, id: match[1] ?? '', proves: !/\.(skip|todo)\b/.test(call) }))))

const proven = new Set(titles.filter(({ proves }) => proves).map(({ id }) => id))
const known = new Set(promises.map(({ id }) => id))
const unproven = promises.filter(({ id }) => !proven.has(id)).map(({ spec, id }) => `${spec}: no test proves ${id}`)
const unpromised = titles.filter(({ id }) => !known.has(id)).map(({ file, id }) => `${file}: a test claims ${id}, which no SPEC.md promises`)

report('spec', [...missing, ...twice, ...unproven, ...new Set(unpromised)], `${promises.length} promises, ${titles.length} tests that prove them`)
