import { build as bundle, type Plugin } from 'esbuild'

/** Libraries that most plugins never come to use, by the class that they are used by: they are evaluated when one is made first. Each takes a tenth of the start. */
const LATE: Readonly<Record<string, { readonly exported: 'default' | 'IntlMessageFormat' }>> = { 'markdown-it': { exported: 'default' }, 'intl-messageformat': { exported: 'IntlMessageFormat' } }

/** Puts a class in front of such a library that makes the true one's objects. */
const lateLibraries: Plugin = {
  name: 'late-libraries',
  setup(build) {
    const filter = new RegExp(`^(?:${Object.keys(LATE).join('|')})$`)
    build.onResolve({ filter }, ({ path, namespace, resolveDir }) => (namespace === 'late' ? undefined : { path, namespace: 'late', pluginData: resolveDir }))
    build.onLoad({ filter, namespace: 'late' }, ({ path, pluginData }) => {
      const { exported } = LATE[path] ?? { exported: 'default' }
      const found = `require(${JSON.stringify(path)})`
      // What is asked for this way may be a CommonJS module, which is itself what an ES module has as its default.
      const of = exported === 'default' ? `${found}.default ?? ${found}` : `${found}.${exported}`
      return { resolveDir: pluginData as string, contents: `class Late { constructor(...given) { return new (${of})(...given) } }\nexport { Late as ${exported} }` }
    })
  },
}

/** The program for a plugin's process, with all that it needs, in one file. */
export async function bundleHost(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await bundle({
    entryPoints: [entry], bundle: true, write: false, outfile: 'host.mjs', format: 'esm', platform: 'node', target: 'node22', mainFields: ['module', 'main'],
    jsx: 'automatic', jsxImportSource: '@liberacces/sdk', minify: true, legalComments: 'none', treeShaking: true, logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' }, plugins: [lateLibraries],
  })
  const text = outputFiles[0]?.text
  if (text === undefined) throw new Error('Nothing was bundled.')
  // One character beyond Latin-1, which esbuild leaves in regular expressions, and V8 would hold all of it with two bytes for each.
  return Buffer.from(text.replaceAll(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`))
}
