import type { Manifest } from '@liberacces/sdk/host'
import type { PlatformError } from '../../errors.ts'
import { checkManifest } from '../check-manifest.ts'
import { archiveFault } from './archive-fault.ts'
import { digestOf } from './digest.ts'
import { scriptFile } from '../page-scripts.ts'
import { nativeCode } from './native-code.ts'
import { packageFaults, type PackageJson } from './package-faults.ts'

/** Files that the platform itself reads. */
const MANIFEST_FILE = 'plugin.json'
const DIGESTS_FILE = 'digests.json'
/** What an application that answers elsewhere said of itself: an archive with it has no code. */
export const DESCRIPTION_FILE = 'remote.json'

/** An archive in which nothing is wrong, as far as one sees without running it. */
export interface CheckedArchive {
  readonly manifest: Manifest
  /** Path of the one file of code; `undefined` where it runs elsewhere, and {@link DESCRIPTION_FILE} describes it. */
  readonly main: string | undefined
}

/**
 * Everything that is wrong with the files of an archive, all at once, or what it is. Pure; runs nothing of it.
 */
export function checkArchive(files: ReadonlyMap<string, Uint8Array>): CheckedArchive | { readonly problems: readonly PlatformError[] } {
  const problems: PlatformError[] = []
  const json = <Shape>(path: string, fix: string): Shape | undefined => {
    const content = files.get(path)
    if (content === undefined) {
      problems.push(archiveFault(`${path} is missing.`, fix))
      return undefined
    }
    try {
      const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content))
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Shape
      problems.push(archiveFault(`${path} holds no JSON object.`, fix))
    } catch (cause) {
      problems.push(archiveFault(`${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`, fix, { cause }))
    }
    return undefined
  }
  const declared = json<Manifest>(MANIFEST_FILE, files.has('package.json') ? 'This is the source of a plugin, or some other package: pack it first with `liberacces-certify pack`.' : 'Pack the plugin with `liberacces-certify pack`.')
  const manifestProblems = declared === undefined ? [] : checkManifest(declared)
  problems.push(...manifestProblems)
  const described = json<PackageJson>('package.json', 'An archive of a plugin is an npm package.')
  const isElsewhere = declared?.runtime === 'remote'
  if (isElsewhere && !files.has(DESCRIPTION_FILE)) problems.push(archiveFault(`${MANIFEST_FILE} is of an application that answers elsewhere, and ${DESCRIPTION_FILE} is missing.`, 'Add applications with `liberacces plugin add-remote URL`.'))
  const { faults, main } = described === undefined ? { faults: [], main: undefined } : packageFaults(described, files, !isElsewhere)
  problems.push(...faults)
  if (declared !== undefined && described !== undefined && manifestProblems.length === 0) problems.push(...disagreements(declared, described))
  if (declared !== undefined && manifestProblems.length === 0) problems.push(...scriptFaults(declared, files))
  for (const [path, content] of files) {
    const native = nativeCode(path, content)
    if (native !== undefined) problems.push(archiveFault(`${path} is ${native}.`, 'A plugin is JavaScript alone.'))
    if (/(^|\/)node_modules\//.test(path)) problems.push(archiveFault(`${path} is a package of its own.`, 'Bundle what the plugin needs: `liberacces-certify pack` does.'))
  }
  if (files.has(DIGESTS_FILE)) problems.push(...digestFaults(files, json(DIGESTS_FILE, 'Pack the plugin again.')))
  if (problems.length > 0 || declared === undefined || (main === undefined && !isElsewhere)) return { problems: distinct(problems) }
  return { manifest: declared, main }
}

function disagreements(manifest: Manifest, described: PackageJson): readonly PlatformError[] {
  const faults: PlatformError[] = []
  const fix = 'Pack the plugin again, so that both are made from the code.'
  if (described.liberacces?.plugin !== manifest.id) faults.push(archiveFault(`${MANIFEST_FILE} is about "${manifest.id}", package.json about ${JSON.stringify(described.liberacces?.plugin ?? null)} (its "liberacces.plugin").`, fix))
  if (described.version !== manifest.version) faults.push(archiveFault(`${MANIFEST_FILE} is of version ${manifest.version}, package.json of ${JSON.stringify(described.version ?? null)}.`, fix))
  return faults
}

/** The scripts that the manifest names are there, and nothing else that a browser would run. */
function scriptFaults({ browser = [] }: Manifest, files: ReadonlyMap<string, Uint8Array>): readonly PlatformError[] {
  const named = new Set(browser.map(scriptFile))
  return [
    ...[...named].filter((path) => !files.has(path)).map((path) => archiveFault(`${path}, which ${MANIFEST_FILE} names, is missing.`, 'Pack the plugin again.')),
    ...[...files.keys()].filter((path) => path.startsWith('browser/') && !named.has(path)).map((path) => archiveFault(`${path} is no script that ${MANIFEST_FILE} names.`, 'Name it in "browser", or leave it out.')),
  ]
}

/** The list names every file but itself, each with the digest that it has. */
function digestFaults(files: ReadonlyMap<string, Uint8Array>, list: Readonly<Record<string, unknown>> | undefined): readonly PlatformError[] {
  if (list === undefined) return []
  const fix = 'It was changed after packing: get it again from whoever published it.'
  return [
    ...[...files].flatMap(([path, content]) => {
      if (path === DIGESTS_FILE) return []
      if (!Object.hasOwn(list, path)) return [archiveFault(`${path} is not in ${DIGESTS_FILE}.`, fix)]
      return list[path] === digestOf(content) ? [] : [archiveFault(`${path} is not what ${DIGESTS_FILE} says: it has ${digestOf(content)}.`, fix)]
    }),
    ...Object.keys(list).filter((path) => !files.has(path)).map((path) => archiveFault(`${JSON.stringify(path)} is in ${DIGESTS_FILE} and missing.`, fix)),
  ]
}

function distinct(problems: readonly PlatformError[]): readonly PlatformError[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()]
}
