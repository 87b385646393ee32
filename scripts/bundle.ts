// Bundles programs of the workspace: each entry becomes one JavaScript file, with shared chunks beside it, so that a start
// reads a dozen files instead of 1,500. Packages with native code or data files stay where they are installed.
//
//   node scripts/bundle.ts OUT name=entry.ts…     for other scripts and the bench; `pnpm start` uses the function

import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { bundleScript } from '../core/src/catalogue/bundle-script.ts'
import { read, root } from './workspace.ts'

/** Native code, data, files that are read by their place in the package, and imports whose name is only known when they run (file-type). */
const INSTALLED = ['better-sqlite3', '@node-rs/argon2', '@etalab/decoupage-administratif', '@hotwired/turbo', 'file-type', 'pacote', '@npmcli/config', 'graphile-worker', 'esbuild']

/** The sources still find what lies beside them: `import.meta.url` is where a file was, not where it went. Where it is quoted it is a name (bundle-plugin.ts). */
const inTheirPlace: Plugin = {
  name: 'in-their-place',
  setup(build) {
    build.onLoad({ filter: /\.tsx?$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(/(?<!['"])import\.meta\.url/g, JSON.stringify(pathToFileURL(path).href)),
      loader: path.endsWith('x') ? 'tsx' : 'ts',
    }))
  },
}

/**
 * Bundles entries into a folder; the folder appears when it is complete.
 * @param out - folder somewhere under `core/`, so that what stays installed is found from there; must not exist yet
 * @param entries - name of each file to make, without `.js`, and the source it is made from
 */
export async function bundle(out: string, entries: Readonly<Record<string, string>>): Promise<void> {
  // Loaded here: a start that finds its bundle needs none of it.
  const { build, stop } = await import('esbuild')
  const making = `${out}.${process.pid}`
  try {
    await build({
      entryPoints: entries,
      outdir: making,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node26',
      mainFields: ['module', 'main'],
      external: INSTALLED,
      jsx: 'automatic',
      jsxImportSource: '@liberacces/sdk',
      chunkNames: 'chunks/[name]-[hash]',
      legalComments: 'none',
      // Sources stay in memory as long as the process does, with two bytes a character where one of a file's comments has an accent.
      minifyWhitespace: true,
      // Lines short enough that a stack trace still says where.
      lineLimit: 160,
      logLevel: 'warning',
      // For the CommonJS packages inside: a module has no `require` of its own.
      banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
      plugins: [inTheirPlace],
    })
    writeFileSync(join(making, 'package.json'), '{ "type": "module" }\n')
    rmSync(out, { recursive: true, force: true })
    renameSync(making, out)
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    throw error
  } finally {
    await stop()
  }
}

/** The main file of every plugin of the workspace, by the name of its folder. */
export function pluginEntries(): Readonly<Record<string, string>> {
  return Object.fromEntries(globSync('plugins/*/package.json', { cwd: root }).map((path) => {
    const { exports } = JSON.parse(read(path)) as { readonly exports: { readonly '.': string } }
    const folder = dirname(path)
    return [folder.slice('plugins/'.length), join(root, folder, exports['.'])]
  }))
}

/** Makes a bundled plugin a package that `liberacces --plugins` takes: `<folder>/<name>/package.json` beside its `plugin.js`, and the scripts of its pages below. */
export async function describePlugins(folder: string): Promise<void> {
  const { stop } = await import('esbuild')
  for (const path of globSync('*/plugin.js', { cwd: folder })) {
    const name = dirname(path)
    writeFileSync(join(folder, name, 'package.json'), '{ "type": "module", "exports": { ".": "./plugin.js" } }\n')
    for (const script of globSync('*.ts', { cwd: join(root, 'plugins', name, 'browser') })) {
      mkdirSync(join(folder, name, 'browser'), { recursive: true })
      writeFileSync(join(folder, name, 'browser', script.replace(/ts$/, 'js')), await bundleScript(join(root, 'plugins', name, 'browser', script)))
    }
  }
  // A start goes on as the server, which needs no compiler beside it.
  await stop()
}

if (import.meta.main) {
  const [out, ...pairs] = process.argv.slice(2)
  if (out === undefined || pairs.length === 0) {
    console.error('Usage: node scripts/bundle.ts OUT name=entry.ts…')
    process.exit(2)
  }
  const entries = Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), resolve(pair.slice(pair.indexOf('=') + 1))]))
  const missing = Object.values(entries).filter((path) => !existsSync(path))
  if (missing.length > 0) throw new Error(`There is no ${missing.join(', no ')}.`)
  mkdirSync(dirname(resolve(out)), { recursive: true })
  await bundle(resolve(out), entries)
  await describePlugins(join(resolve(out), 'plugins'))
}
