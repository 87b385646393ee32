// `pnpm start`: runs the demonstration from a bundle of the sources, made anew when they have changed (2 s), because a
// start from 1,500 single files takes three times as long and a fifth more memory. The server lives in this very process: there is no
// child that could stay behind, and signals arrive where they are meant to.
// Not TypeScript: stripping the types of one file loads a compiler, and 15 MB of memory stay with it.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '..')
const made = join(root, 'core', 'temp', 'start')
/** Bundles kept: one that a server still runs from may load a part of it later. */
const KEPT = 3

enableCompileCache(join(made, 'compile-cache'))
const folder = join(made, fingerprint())
if (!existsSync(folder)) await make()
process.argv = [process.execPath, join(folder, 'main.js'), 'demo', '--plugins', join(folder, 'plugins'), ...process.argv.slice(2)]
await import(pathToFileURL(join(folder, 'main.js')).href)

/** Changes whenever a source, a dependency or the way of bundling does. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version)
  for (const path of ['sdk', 'core', ...readdirSync(join(root, 'plugins')).map((name) => join('plugins', name))]) {
    for (const part of ['package.json', 'src', 'browser', 'messages']) note(join(root, path, part), hash)
  }
  for (const path of ['pnpm-lock.yaml', 'scripts/bundle.ts']) hash.update(readFileSync(join(root, path)))
  return hash.digest('hex').slice(0, 16)
}

/** @param {string} path @param {import('node:crypto').Hash} hash */
function note(path, hash) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory()) for (const name of readdirSync(path).sort()) note(join(path, name), hash)
  else if (stat !== undefined) hash.update(`${path} ${stat.mtimeMs} ${stat.size}\n`)
}

async function make() {
  const { bundle, describePlugins, pluginEntries } = await import('./bundle.ts')
  mkdirSync(made, { recursive: true })
  const plugins = Object.entries(pluginEntries()).map(([name, entry]) => [`plugins/${name}/plugin`, entry])
  await bundle(folder, { main: join(root, 'core/src/cli/main.ts'), ...Object.fromEntries(plugins) })
  await describePlugins(join(folder, 'plugins'))
  const older = readdirSync(made).filter((name) => /^[0-9a-f]{16}$/.test(name)).map((name) => ({ name, since: statSync(join(made, name)).mtimeMs })).sort((a, b) => b.since - a.since)
  for (const { name } of older.slice(KEPT)) rmSync(join(made, name), { recursive: true, force: true })
}
