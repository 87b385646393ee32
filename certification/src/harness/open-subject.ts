import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { digestOf, PlatformError, readArchive } from '@liberacces/core'
import type { Manifest } from '@liberacces/sdk/host'
import { PackError } from '../pack/pack-error.ts'
import { NoSubject } from './no-subject.ts'
import { sourceFolder } from './source-folder.ts'
import type { GivenFiles, PackageSubject } from './subject.ts'

/** How a plugin is found and packed. */
export interface SubjectOptions {
  /** Relative paths start here. */
  readonly cwd: string
  /** Packs a folder. Runs the plugin's code once, so that who does not know the code does it in another process. @throws PackError */
  readonly pack: (folder: string) => Promise<Buffer>
  readonly given?: GivenFiles
}

/** Archives are refused by the kernel beyond this; nothing larger is read. */
const MOST_BYTES = 33_554_432

/**
 * Finds the plugin that a path means: the folder of its package, which is packed first, or its `.tgz`. What is wrong with the plugin is in the
 * answer, for the checks to tell.
 * @throws NoSubject when there is no plugin to judge: no such path, a folder that is none, a file that is no archive
 */
export async function openSubject(path: string, { cwd, pack, given = {} }: SubjectOptions): Promise<PackageSubject> {
  const place = resolve(cwd, path)
  const found = await stat(place).catch((cause: unknown) => { throw new NoSubject(`There is nothing at ${place}.`, HOW, { cause }) })
  if (found.isDirectory()) return folderSubject(path, place, pack, given)
  if (!found.isFile()) throw new NoSubject(`${place} is neither a folder nor a file.`, HOW)
  if (found.size > MOST_BYTES) throw new NoSubject(`${place} has ${found.size} bytes; an archive of a plugin has ${MOST_BYTES} at most.`, HOW)
  const subject = await archiveSubject(path, await readFile(place), undefined, given)
  const { source } = given
  return source === undefined ? subject : { ...subject, repack: () => pack(resolve(cwd, source)) }
}

const HOW = 'Give the folder of a plugin\'s package, the one with its package.json, or the .tgz that `liberacces-certify pack` makes of it.'

async function folderSubject(path: string, place: string, pack: SubjectOptions['pack'], given: GivenFiles): Promise<PackageSubject> {
  await seemsPlugin(place)
  const folder = await sourceFolder(place)
  try {
    return { ...await archiveSubject(path, await pack(place), folder, given), kind: 'folder', repack: () => pack(place) }
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    return { path, kind: 'folder', archive: undefined, digest: undefined, files: undefined, manifest: undefined, problems: error.problems, problemKind: 'cannot-be-packed', folder, given, repack: undefined }
  }
}

async function seemsPlugin(place: string): Promise<void> {
  let text: string
  try {
    text = await readFile(join(place, 'package.json'), 'utf8')
  } catch (cause) {
    throw new NoSubject(`${place} is no plugin: it has no package.json.`, HOW, { cause })
  }
  let described: { readonly exports?: unknown } | null
  try {
    described = JSON.parse(text) as typeof described
  } catch (cause) {
    throw new NoSubject(`${join(place, 'package.json')} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Correct it.', { cause })
  }
  const { exports } = described ?? {}
  if (typeof exports === 'object' && exports !== null && Object.hasOwn(exports, '.')) return
  throw new NoSubject(`${place} is a package and no plugin: its package.json has no "." in "exports", the file with definePlugin().`, 'Write "exports": { ".": "./src/plugin.tsx" }, or give another folder.')
}

async function archiveSubject(path: string, archive: Buffer, folder: PackageSubject['folder'], given: GivenFiles): Promise<PackageSubject> {
  const known = { path, kind: 'archive', archive, digest: digestOf(archive), folder, given, repack: undefined } as const
  try {
    const { files } = await readArchive(archive)
    return { ...known, files, manifest: manifestIn(files), problems: [], problemKind: 'none' }
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    if (isDamage(archive, error)) throw new NoSubject(`${path} is no archive of a plugin: ${error.message}`, error.fix, { cause: error })
    return { ...known, files: undefined, manifest: undefined, problems: error.message.split('\n').map((line) => line.trim()), problemKind: 'unsafe' }
  }
}

/** Whether a file is broken, rather than an archive made to do harm: only the second says something of a plugin. */
function isDamage(archive: Buffer, { cause }: PlatformError): boolean {
  if (archive[0] !== 0x1f || archive[1] !== 0x8b) return true
  return cause !== undefined && !(cause instanceof RangeError) && !(cause instanceof AggregateError)
}

/** As it stands there: whether it is right is for a check to say. */
function manifestIn(files: ReadonlyMap<string, Buffer>): Manifest | undefined {
  const text = files.get('plugin.json')
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text.toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Manifest) : undefined
  } catch {
    // Said by the check of the manifest, which reads it again.
    return undefined
  }
}
