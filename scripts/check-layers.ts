// Checks who imports whom: runs dependency-cruiser with .dependency-cruiser.cjs over the whole workspace, and adds three
// things it cannot say: that it really read every .ts and .tsx file (it skips them silently when it finds no TypeScript
// it knows), that no package reaches into another by a relative path, and that inside the core only platform.ts and
// its wiring, the entry and the command line know every folder.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { filesUnder, report, root } from './workspace.ts'

interface Dependency { readonly module: string; readonly resolved: string; readonly couldNotResolve: boolean }
interface Module { readonly source: string; readonly dependencies: readonly Dependency[] }
interface Violation { readonly from: string; readonly to: string; readonly rule: { readonly name: string; readonly severity: string }; readonly cycle?: readonly { readonly name: string }[] }
interface Cruise { readonly modules: readonly Module[]; readonly summary: { readonly violations: readonly Violation[] } }

const PARTS = ['sdk', 'core', 'certification', 'bench', 'plugins', 'templates']
const packageOf = (path: string): string => /^(plugins|templates)\/[^/]+|^[^/]+/.exec(path)?.[0] ?? path

const parts = PARTS.filter((part) => existsSync(join(root, part)))
// Listed before the run, so that a file written meanwhile is not taken for one that was skipped.
const files = parts.flatMap((part) => filesUnder(part, /\.tsx?$/))
const run = spawnSync('depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...parts],
  { cwd: root, encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 })
if (run.stdout === '') throw new Error(`dependency-cruiser said nothing.\n${run.stderr}`)
const { modules, summary } = JSON.parse(run.stdout) as Cruise
const ours = modules.filter(({ source }) => !source.includes('node_modules') && PARTS.includes(source.split('/')[0] ?? ''))

const violations = summary.violations
  .filter(({ rule }) => rule.severity === 'error')
  .map(({ rule, from, to, cycle }) => `${rule.name}: ${from} -> ${cycle ? cycle.map(({ name }) => name).join(' -> ') : to}`)

const seen = new Set(ours.map(({ source }) => source))
const unread = files.filter((file) => !seen.has(file))
  .map((file) => `unread: dependency-cruiser did not read ${file}, so nothing is known about its imports`)

const relative = ours.flatMap(({ source, dependencies }) => dependencies.filter(({ couldNotResolve }) => !couldNotResolve)
  .filter(({ module, resolved }) => module.startsWith('.') && packageOf(resolved) !== packageOf(source))
  .map(({ module }) => `by-name-only: ${source} -> ${module} (import another package by its name)`))

const folderOf = (path: string): string | undefined => /^core\/src\/([^/]+)\//.exec(path)?.[1]
const folders = existsSync(join(root, 'core/src'))
  ? readdirSync(join(root, 'core/src'), { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'cli').map(({ name }) => name)
  : []
const knowsAll = ours
  .filter(({ source }) => source.startsWith('core/src/') && !/^core\/src\/(cli\/|wiring\/|platform\.tsx?$|index\.ts$)/.test(source))
  .filter(({ source, dependencies }) => {
    const known = new Set(dependencies.map(({ resolved }) => folderOf(resolved)))
    const others = folders.filter((folder) => folder !== folderOf(source))
    return others.length > 1 && others.every((folder) => known.has(folder))
  })
  .map(({ source }) => `core-only-platform-knows-all: ${source} imports from every folder of the core; only platform.ts may`)

report('layers', [...violations, ...unread, ...relative, ...knowsAll], `${ours.length} files, all read`)
