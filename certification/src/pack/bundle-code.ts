import { readFile } from 'node:fs/promises'
import { dirname, extname, relative } from 'node:path'
import { build, type BuildFailure, type Loader, type Plugin } from 'esbuild'
import { packageOf, type FoundPackage } from './package-of.ts'
import { PackError } from './pack-error.ts'

/** The code of a plugin in one CommonJS file, and the packages whose code is in it. */
export interface BundledCode {
  readonly code: string
  /** Besides the plugin's own; sorted by name. */
  readonly packages: readonly BundledPackage[]
  /** Which of them the plugin's own code imports, `name@version`; sorted. */
  readonly imports: readonly string[]
}

/** A package of which files are in the bundle. */
export interface BundledPackage extends FoundPackage {
  /** Its files that the code imports, by path within it; sorted. What of them nothing uses is not in the bundle. */
  readonly files: readonly { readonly path: string; readonly content: Buffer }[]
  /** The packages that these import, `name@version`; sorted. */
  readonly imports: readonly string[]
}

/** What stays outside: the platform gives it, the very same as its own. */
const OUTSIDE = ['@liberacces/sdk', '@liberacces/sdk/*', 'node:*']

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx', '.js': 'js', '.mjs': 'js', '.cjs': 'js', '.jsx': 'jsx', '.json': 'json', '.txt': 'text', '.md': 'text', '.html': 'text', '.svg': 'text',
}

/**
 * Puts a plugin and all that it imports into one file, the same wherever it lies: no path of this machine gets into it.
 * @param entry - its main file, absolute
 * @throws PackError naming every import that leads nowhere and every file that is no JavaScript or TypeScript
 */
export async function bundleCode(entry: string): Promise<BundledCode> {
  const packages = new Map<string, { readonly found: FoundPackage; readonly files: Map<string, Buffer> }>()
  const imports = new Map<string, Set<string>>()
  const own = await packageOf(entry)
  const inOnePlace: Plugin = {
    name: 'in-one-place',
    setup(setup) {
      setup.onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, importer, pluginData, with: attributes }) => {
        if (pluginData === ASKED) return undefined
        const found = kind === 'entry-point' ? { path, errors: [], warnings: [], external: false, sideEffects: true }
          : await setup.resolve(path, { kind, resolveDir, importer, pluginData: ASKED, with: attributes })
        if (found.errors.length > 0 || found.external) return found
        const home = await packageOf(found.path)
        const name = nameOf(home, own)
        if (name !== '' && !packages.has(name)) packages.set(name, { found: home, files: new Map() })
        const from = importerOf(importer)
        if (from !== name) imports.set(from, (imports.get(from) ?? new Set()).add(name))
        const shown = `${name === '' ? '' : `${name}/`}${relative(home.folder, found.path).replaceAll('\\', '/')}`
        return { path: shown, namespace: 'plugin', pluginData: found.path, sideEffects: found.sideEffects }
      })
      setup.onLoad({ filter: /.*/, namespace: 'plugin' }, async ({ path: shown, pluginData }) => {
        const path = String(pluginData)
        const loader = LOADERS[extname(path)]
        if (loader === undefined) return { errors: [{ text: `${path} is no JavaScript, TypeScript, JSON or text: an archive has no other code.` }] }
        const content = await readFile(path)
        const name = importerOf(shown)
        packages.get(name)?.files.set(shown.slice(name.length + 1), content)
        return { contents: content.toString('utf8'), loader, resolveDir: dirname(path) }
      })
    },
  }
  try {
    const { outputFiles } = await build({
      entryPoints: [entry], absWorkingDir: own.folder, write: false, outfile: 'plugin.cjs', bundle: true, format: 'cjs', platform: 'node', target: 'node22',
      mainFields: ['module', 'main'], external: OUTSIDE, jsx: 'automatic', jsxImportSource: '@liberacces/sdk', tsconfigRaw: {}, charset: 'utf8',
      legalComments: 'eof', treeShaking: true, logLevel: 'silent', plugins: [inOnePlace],
      // Libraries make addresses of files beside them from it as they are loaded, whether they are ever used or not. Nothing lies at this one.
      define: { 'import.meta.url': '"file:///plugin.cjs"', 'process.env.NODE_ENV': '"production"' },
    })
    return { code: outputFiles[0]?.text ?? '', packages: [...packages].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, { found, files }]) => ({
      ...found, imports: [...imports.get(name) ?? []].toSorted(), files: [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([path, content]) => ({ path, content })),
    })), imports: [...imports.get('') ?? []].toSorted() }
  } catch (cause) {
    const errors = (cause as Partial<BuildFailure>).errors ?? []
    if (errors.length === 0) throw cause
    throw new PackError(errors.map(({ text, location }) => `${location === null ? '' : `${location.file.replace(/^plugin:/, '')}:${location.line}: `}${text}`), { cause })
  }
}

const ASKED = Symbol('asked')

/** `name@version` of a package; empty for the plugin's own. */
function nameOf({ name, version, folder }: FoundPackage, own: FoundPackage): string {
  return folder === own.folder ? '' : `${name}@${version}`
}

/** The same of a file, as it is shown in the bundle. */
function importerOf(shown: string): string {
  return /^(?:@[^/]+\/)?[^/@]+@\d[^/]*(?=\/)/.exec(shown)?.[0] ?? ''
}
