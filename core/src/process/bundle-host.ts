import { dirname } from 'node:path'
import { build as bundle, type Plugin } from 'esbuild'

/** Libraries that most plugins never come to use, by the class that they are used by: they are evaluated when one is made first. Each takes a tenth of the start. */
const LATE: Readonly<Record<string, { readonly exported: 'default' | 'IntlMessageFormat' }>> = { 'markdown-it': { exported: 'default' }, 'intl-messageformat': { exported: 'IntlMessageFormat' } }

/** Puts a class in front of such a library that makes the true one's objects. */
const lateLibraries: Plugin = {
  name: 'late-libraries',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(?:${Object.keys(LATE).join('|')})$`) }, async ({ path: name, resolveDir, pluginData }) => {
      if (pluginData === FOUND) return undefined
      // As it is imported: what is required of a package may be another file, with other exports.
      const { path, errors } = await build.resolve(name, { kind: 'import-statement', resolveDir, pluginData: FOUND })
      return { path, errors, namespace: 'late', pluginData: name }
    })
    build.onLoad({ filter: /./, namespace: 'late' }, ({ path, pluginData }) => {
      const { exported } = LATE[pluginData as string] ?? { exported: 'default' }
      return { resolveDir: dirname(path), contents: `class Late { constructor(...given) { return new (require(${JSON.stringify(path)}).${exported})(...given) } }\nexport { Late as ${exported} }` }
    })
  },
}
const FOUND = Symbol('found')

/** Node's own cryptography, of which only hashes of seeds are made here: reading it takes a tenth of the start too. What else would be imported of it fails the bundle. */
const lateCrypto: Plugin = {
  name: 'late-crypto',
  setup(build) {
    build.onResolve({ filter: /^node:crypto$/ }, ({ path }) => ({ path, namespace: 'late-crypto' }))
    build.onLoad({ filter: /./, namespace: 'late-crypto' }, () => ({ contents: 'export const createHash = (...given) => process.getBuiltinModule("node:crypto").createHash(...given)' }))
  },
}

/** The program for a plugin's process, with all that it needs, in one file. */
export async function bundleHost(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await bundle({
    entryPoints: [entry], bundle: true, write: false, outfile: 'host.mjs', format: 'esm', platform: 'node', target: 'node22', mainFields: ['module', 'main'],
    jsx: 'automatic', jsxImportSource: '@liberacces/sdk', minify: true, legalComments: 'none', treeShaking: true, logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' }, plugins: [lateLibraries, lateCrypto],
  })
  const text = outputFiles[0]?.text
  if (text === undefined) throw new Error('Nothing was bundled.')
  // One character beyond Latin-1, which esbuild leaves in regular expressions, and V8 would hold all of it with two bytes for each.
  return Buffer.from(text.replaceAll(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`))
}
