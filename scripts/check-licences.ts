// Checks that the licence of every production dependency goes together with GPL-3.0-or-later, and prints how large the
// dependencies of the core and the SDK are. A licence that is not on the list is a question for a person, not a default.

import { execFileSync } from 'node:child_process'
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm } from './pnpm.ts'
import { report, root } from './workspace.ts'

const COMPATIBLE = new Set([
  '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BSL-1.0', 'CC0-1.0', 'CECILL-2.1', 'GPL-3.0-only',
  'GPL-3.0-or-later', 'ISC', 'LGPL-2.1-or-later', 'LGPL-3.0-only', 'LGPL-3.0-or-later', 'MIT', 'MIT-0', 'MPL-2.0', 'PSF-2.0',
  'Python-2.0', 'Unlicense', 'Zlib',
])

/** Lists of the SPDX project, which are data and no part of a program: used as they are, with their notice. */
const DATA: ReadonlyMap<string, string> = new Map([['spdx-exceptions', 'CC-BY-3.0'], ['spdx-ranges', '(MIT AND CC-BY-3.0)']])

interface Dependency { readonly name: string; readonly versions: readonly string[]; readonly paths: readonly string[]; readonly license: string }

/** An SPDX expression: one side of an OR is enough, both sides of an AND are needed. */
function isCompatible(expression: string): boolean {
  const text = expression.trim().replace(/^\((.*)\)$/, '$1')
  if (text.includes(' OR ')) return text.split(' OR ').some(isCompatible)
  if (text.includes(' AND ')) return text.split(' AND ').every(isCompatible)
  return COMPATIBLE.has(text)
}

function dependenciesOf(...filters: readonly string[]): readonly Dependency[] {
  const [command, ...start] = pnpm
  const text = execFileSync(command, [...start, ...filters.flatMap((filter) => ['--filter', filter]), 'licenses', 'list', '--prod', '--json'],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return Object.values(JSON.parse(text) as Record<string, readonly Dependency[]>).flat()
}

function sizeOf(path: string): number {
  return readdirSync(path, { withFileTypes: true }).reduce((total, entry) => {
    if (entry.isDirectory()) return total + sizeOf(join(path, entry.name))
    return entry.isFile() ? total + statSync(join(path, entry.name)).size : total
  }, 0)
}

const everything = dependenciesOf()
const problems = everything.filter(({ name, license }) => !isCompatible(license) && DATA.get(name) !== license)
  .map(({ name, versions, license }) => `${name} ${versions.join(', ')}: "${license}" is not known to go together with GPL-3.0-or-later`)

for (const parts of [['sdk'], ['sdk', 'core']]) {
  const folders = new Set(dependenciesOf(...parts.map((part) => `@liberacces/${part}`)).flatMap(({ paths }) => paths).map((path) => realpathSync(path)))
  const bytes = [...folders].reduce((total, path) => total + sizeOf(path), 0)
  console.log(`${parts.join(' + ')}: ${folders.size} production packages, ${(bytes / 1_000_000).toFixed(1)} MB`)
}
report('licences', problems, `${everything.length} production dependencies, all compatible with GPL-3.0-or-later`)
