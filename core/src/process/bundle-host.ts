import { build } from 'esbuild'

/** The program for a plugin's process, with all that it needs, in one file. */
export async function bundleHost(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry], bundle: true, write: false, outfile: 'host.mjs', format: 'esm', platform: 'node', target: 'node22', mainFields: ['module', 'main'],
    jsx: 'automatic', jsxImportSource: '@liberacces/sdk', minify: true, keepNames: true, legalComments: 'none', treeShaking: true, logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const content = outputFiles[0]?.contents
  if (content === undefined) throw new Error('Nothing was bundled.')
  return content
}
