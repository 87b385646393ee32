// How any package of the workspace is built; run in the package's folder by scripts/build.ts.
//
// The entries are the `exports` and the `bin` of its package.json. Every source file becomes one file at the same place
// under dist/, so that stack traces read like the source, and what a file finds beside itself (`import.meta.url`) is
// still there. Files that are no TypeScript (style sheets, images…) are copied along.

import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { build } from 'esbuild'
import { defineConfig, type Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

const TYPESCRIPT = /\.tsx?$/

/** Leaves `./x.ts` an import of its own, now of `./x.js`, and does the same for `new URL('./x.ts', import.meta.url)`. */
const oneFileEach: Plugin = {
  name: 'one-file-each',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.tsx?$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(TYPESCRIPT, '.js'), external: true })
    build.onLoad({ filter: TYPESCRIPT }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/(new URL\(\s*(['"])\.[^'"]*)\.tsx?(\2,\s*import\.meta\.url)/g, '$1.js$3'),
      loader: path.endsWith('x') ? 'tsx' : 'ts',
    }))
  },
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly exports: Readonly<Record<string, string>> }
const entries = Object.values(manifest.exports).filter((path) => TYPESCRIPT.test(path))
const files = readdirSync('src', { recursive: true, encoding: 'utf8' })

export default defineConfig({
  entry: files.filter((path) => TYPESCRIPT.test(path) && !path.endsWith('.d.ts')).map((path) => `src/${path}`),
  outDir: 'dist',
  format: 'esm',
  platform: 'node',
  target: 'node22',
  dts: { entry: Object.fromEntries(entries.map((path) => [path.replace('./src/', '').replace(TYPESCRIPT, ''), path])) },
  clean: true,
  splitting: false,
  sourcemap: true,
  external: [/^@liberacces\//],
  tsconfig: join(import.meta.dirname, 'tsconfig.json'),
  esbuildPlugins: [oneFileEach],
  esbuildOptions(options) {
    options.outbase = 'src'
    options.jsx = 'automatic'
    options.jsxImportSource = '@liberacces/sdk'
  },
  onSuccess: async () => {
    // What pages of a plugin load, each as one module.
    for (const name of existsSync('browser') ? readdirSync('browser').filter((path) => TYPESCRIPT.test(path)) : []) {
      await build({ entryPoints: [join('browser', name)], outfile: join('dist', 'browser', name.replace(TYPESCRIPT, '.js')), bundle: true, format: 'esm', platform: 'browser', target: ['es2022'], charset: 'utf8', tsconfigRaw: {} })
    }
    for (const path of files) {
      if (extname(path) !== '' && !/\.(tsx?|json)$/.test(path)) cpSync(join('src', path), join('dist', path), { recursive: true })
    }
  },
})
