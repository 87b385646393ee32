import { dirname } from 'node:path'
import { PlatformError } from '../errors.ts'

/**
 * A script for pages and all files of its own that it imports as one module that browsers of the last years read. The same source gives the same bytes,
 * wherever it lies. Packages stay out: what is in an archive its list of packages (SBOM) names.
 * @param source - absolute
 * @throws PlatformError `CONFIG_INVALID` without esbuild; BuildFailure of esbuild
 */
export async function bundleScript(source: string): Promise<Uint8Array> {
  const { build } = await import('esbuild').catch((cause: unknown) => {
    throw new PlatformError('CONFIG_INVALID', `${source} is a script for pages in TypeScript, and esbuild, which makes it into what browsers read, is not installed.`, { fix: 'Install esbuild, build the plugin, or install it from an archive.', cause })
  })
  const { outputFiles } = await build({
    entryPoints: [source], absWorkingDir: dirname(source), write: false, outfile: 'script.js', bundle: true, format: 'esm', platform: 'browser', target: ['es2022'],
    charset: 'utf8', legalComments: 'eof', tsconfigRaw: {}, logLevel: 'silent',
    plugins: [{
      name: 'own-files',
      setup(setup) {
        setup.onResolve({ filter: /^[^.]/ }, ({ kind, path }) => (kind === 'entry-point' ? undefined : { errors: [{ text: `"${path}" is no file of its own: a script for pages imports relative paths only.` }] }))
      },
    }],
  })
  return outputFiles[0]?.contents ?? new Uint8Array()
}
