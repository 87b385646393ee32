import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** What the figures were measured on: without it they mean nothing. */
export function describeMachine(): string {
  const versions = ['fastify', 'kysely', 'better-sqlite3'].map((name) => `${name} ${versionOf(name)}`).join(', ')
  return [
    `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
    `Node ${process.version.slice(1)}, ${versions}, ${process.platform} ${process.arch}`,
  ].join('\n')
}

/** The version of an installed package; its `exports` may hide package.json, so it is looked for upwards from its main file. */
function versionOf(name: string): string {
  for (let folder = dirname(require.resolve(name)); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly name?: string; readonly version?: string }
      if (manifest.name === name && manifest.version !== undefined) return manifest.version
    } catch {
      // Not here.
    }
  }
  return '?'
}
