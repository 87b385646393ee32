import { access, readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { bundleScript, digestOf, evaluateCode, examineArchive, PlatformError, scriptFile, writeArchive } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { collectRegistrations, manifestOf, type Manifest } from '@liberacces/sdk/host'
import { bundleCode } from './bundle-code.ts'
import { PARTNERS_FILE, readPartners } from '../partners/read-partners.ts'
import { PackError } from './pack-error.ts'
import { SBOM_FILE, sbomOf } from './sbom.ts'
import type { FoundPackage } from './package-of.ts'

/** A plugin as it can be installed. */
export interface PackedPlugin {
  readonly manifest: Manifest
  /** As its code gave it here. */
  readonly plugin: Plugin
  readonly archive: Buffer
  /** `sha256-<base64>` of the archive. */
  readonly digest: string
  /** Paths within it. */
  readonly files: readonly string[]
}

interface SourcePackage {
  readonly name?: string
  readonly version?: string
  readonly exports?: Readonly<Record<string, unknown>>
  /** What an author says to us: the support that is promised. */
  readonly liberacces?: { readonly support?: unknown }
  readonly [key: string]: unknown
}

/** What is told on of the package, beside what the archive needs. */
const TOLD = ['name', 'version', 'description', 'license', 'author', 'contributors', 'homepage', 'repository', 'bugs', 'keywords', 'funding'] as const
/** Folders and files that go into the archive as they are. */
const FOLDERS = ['messages', 'assets', 'docs'] as const
const DOCUMENTS = /^(README|CHANGELOG|SECURITY|LICEN[CS]E|NOTICE|COPYING)(\.[a-z]+)?$/i
const CODE = 'plugin.cjs'

/** How a plugin is packed. */
export interface PackOptions {
  /** What is added to its version, for releases that only a platform for development sees: `dev.3` makes 0.1.0 to 0.1.0-dev.3. @defaultValue nothing */
  readonly development?: string
}

/**
 * Packs the source of a plugin: its code in one file, beside it its manifest, messages, assets and documents, a list of what packages are in the code (SBOM), and one of digests. The
 * same source gives the same bytes, wherever it lies. The archive is examined as an installation would, so that what was packed can be installed.
 * @param folder - of its package
 * @throws PackError with everything that is wrong
 */
export async function packPlugin(folder: string, { development }: PackOptions = {}): Promise<PackedPlugin> {
  const source = await readSource(folder)
  const bundled = await bundleCode(join(folder, source.entry))
  const given = await pluginIn(bundled.code, source.entry)
  const declared = given.manifest
  if (source.described.version !== declared.version) {
    throw new PackError([`package.json has version ${source.described.version ?? '(none)'}, definePlugin({ version }) has ${declared.version}: they must be the same.`])
  }
  const code = development === undefined ? bundled.code : underVersion(bundled.code, `${declared.version}-${development}`)
  const { manifest, plugin } = development === undefined ? given : await pluginIn(code, source.entry)
  const { packages } = bundled
  const files = new Map<string, Uint8Array>([...await documentsOf(folder), ...await partnersOf(folder)])
  const write = (path: string, text: string): void => { files.set(path, Buffer.from(text)) }
  write(CODE, code)
  write('plugin.json', json(manifest))
  for (const name of manifest.browser ?? []) files.set(scriptFile(name), await scriptFrom(folder, name))
  write('package.json', json({ ...packageFor(source.described, manifest), version: manifest.version }))
  write(SBOM_FILE, json(sbomOf({ ...bundled, manifest, packageName: source.described.name ?? manifest.id, code: Buffer.from(code) })))
  if (packages.length > 0) write('THIRD-PARTY.txt', await thirdParty(packages))
  write('digests.json', json(Object.fromEntries([...files].map(([path, content]) => [path, digestOf(content)] as const).sort(([a], [b]) => (a < b ? -1 : 1)))))

  const archive = await writeArchive(files)
  // Who installs a release for development examines it, at once.
  if (development !== undefined) return { manifest, plugin, archive, digest: digestOf(archive), files: [...files.keys()].sort() }
  const examined = await examineArchive(archive, manifest.id, () => Promise.resolve())
  if (!examined.ok) throw new PackError(examined.problems.map(({ message, fix }) => `${message} ${fix}`))
  return { manifest, plugin, archive, digest: examined.digest, files: [...files.keys()].sort() }
}

async function readSource(folder: string): Promise<{ readonly described: SourcePackage; readonly entry: string }> {
  let described: SourcePackage
  try {
    described = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as SourcePackage
  } catch (cause) {
    throw new PackError([`${folder} is no package: its package.json cannot be read (${cause instanceof Error ? cause.message : String(cause)}).`], { cause })
  }
  const main = described.exports?.['.']
  const entry = typeof main === 'string' ? main : typeof main === 'object' && main !== null ? (main as { readonly import?: string; readonly default?: string }).import ?? (main as { readonly default?: string }).default : undefined
  if (entry === undefined) throw new PackError([`${join(folder, 'package.json')} names no main file: write "exports": { ".": "./src/plugin.tsx" }.`])
  await access(join(folder, entry)).catch((cause: unknown) => { throw new PackError([`${entry}, the main file by package.json, is missing.`], { cause }) })
  return { described, entry }
}

/** Runs the code as the platform would, and asks it what it is. */
async function pluginIn(code: string, entry: string): Promise<{ readonly manifest: Manifest; readonly plugin: Plugin }> {
  try {
    const plugin = await evaluateCode(code, CODE, LIMIT_MS)
    return { plugin, manifest: manifestOf(plugin, collectRegistrations(plugin)) }
  } catch (cause) {
    const what = cause instanceof PlatformError ? `${cause.message} ${cause.fix}` : cause instanceof Error ? cause.message : String(cause)
    throw new PackError([`${entry} cannot be loaded: ${what}`], { cause })
  }
}

const LIMIT_MS = 10_000

/** The same plugin under another version. */
function underVersion(code: string, version: string): string {
  return `${code}\nmodule.exports = { default: Object.freeze({ ...module.exports.default, version: ${JSON.stringify(version)} }) };\n`
}

function packageFor(described: SourcePackage, manifest: Manifest): object {
  const { support } = described.liberacces ?? {}
  return {
    ...Object.fromEntries(TOLD.flatMap((key) => (described[key] === undefined ? [] : [[key, described[key]]]))),
    type: 'commonjs',
    main: `./${CODE}`,
    exports: { '.': `./${CODE}`, './plugin.json': './plugin.json' },
    peerDependencies: { '@liberacces/sdk': manifest.sdk },
    liberacces: { ...(support === undefined ? {} : { support }), plugin: manifest.id },
  }
}

async function documentsOf(folder: string): Promise<readonly (readonly [string, Buffer])[]> {
  const found: [string, Buffer][] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) if (entry.isFile() && DOCUMENTS.test(entry.name)) found.push([entry.name, await readFile(join(folder, entry.name))])
  for (const name of FOLDERS) {
    const entries = await readdir(join(folder, name), { withFileTypes: true, recursive: true }).catch(() => [])
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile()) found.push([relative(folder, path).replaceAll('\\', '/'), await readFile(path)])
      else if (!entry.isDirectory()) throw new PackError([`${path} is no plain file; an archive holds plain files only.`])
    }
  }
  return found
}

/** Who a certifier plays at the other end of its connections: part of what is judged, so that the same archive gives the same verdict. */
async function partnersOf(folder: string): Promise<readonly (readonly [string, Buffer])[]> {
  const file = await readFile(join(folder, PARTNERS_FILE)).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  })
  if (file === undefined) return []
  const { problems } = readPartners(file)
  if (problems.length > 0) throw new PackError(problems.map((problem) => `${PARTNERS_FILE}: ${problem}`))
  return [[PARTNERS_FILE, file]]
}

/** Licences that ask to be passed on with the code. */
async function thirdParty(packages: readonly FoundPackage[]): Promise<string> {
  const parts = await Promise.all(packages.map(async ({ name, version, license, folder }) => {
    const texts = await Promise.all((await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)(\.[a-z]+)?$/i.test(file)).sort().map((file) => readFile(join(folder, file), 'utf8')))
    return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join('\n\n')
  }))
  return `${CODE} holds code of these packages.\n\n${parts.join('\n\n---\n\n')}\n`
}

async function scriptFrom(folder: string, name: string): Promise<Uint8Array> {
  const source = join('browser', `${name}.ts`)
  await access(join(folder, source)).catch((cause: unknown) => { throw new PackError([`${source}, a script that definePlugin({ browser }) names, is missing.`], { cause }) })
  return bundleScript(join(folder, source)).catch((cause: unknown) => {
    throw new PackError([`${source} cannot be bundled: ${cause instanceof Error ? cause.message : String(cause)}`], { cause })
  })
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
