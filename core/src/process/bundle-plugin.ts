import { dirname } from 'node:path'
import { build } from 'esbuild'

/**
 * A plugin's folder as the one CommonJS file that runs in a process of its own, as an archive has it.
 * @param entry - its main file, absolute
 */
export async function bundlePlugin(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry], absWorkingDir: dirname(entry), bundle: true, write: false, outfile: 'plugin.cjs', format: 'cjs', platform: 'node', target: 'node22', mainFields: ['module', 'main'],
    external: ['@liberacces/sdk', '@liberacces/sdk/*', 'node:*'], jsx: 'automatic', jsxImportSource: '@liberacces/sdk', tsconfigRaw: {}, legalComments: 'none', treeShaking: true, logLevel: 'silent',
    define: { 'import.meta.url': '"file:///plugin.cjs"', 'process.env.NODE_ENV': '"production"' },
  })
  return outputFiles[0]?.text ?? ''
}
