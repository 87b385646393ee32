import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPlugin } from '../../src/pack/pack-plugin.ts'

/** What `corpus.json` says of a plugin of the corpus. */
interface CorpusEntry {
  /** The check that it trips, and no other; left out by a good one. */
  readonly trips?: string
  /** Other checks that it cannot but trip too, each with why. */
  readonly alsoTrips?: Readonly<Record<string, string>>
  /** Checks that leave it to a person to look, each with why. */
  readonly leavesOpen?: Readonly<Record<string, string>>
  /** What is wrong with it, in one sentence. */
  readonly what: string
  /** Changes of the base's `package.json`: keys are replaced, `null` removes one. */
  readonly package?: Readonly<Record<string, unknown>>
  /** Whether the folder is given as the source of what `make.ts` returns. */
  readonly source?: boolean
  /** Files of the base that it does not have. */
  readonly without?: readonly string[]
}

/** A plugin of the corpus. */
export interface CorpusPlugin extends CorpusEntry {
  /** Name of its folder. */
  readonly name: string
  /** Puts it together in a temporary folder. */
  readonly make: () => Promise<MadePlugin>
}

/** A plugin that can be judged, until it is let go. */
export interface MadePlugin extends AsyncDisposable {
  /** Folder or archive. */
  readonly path: string
  /** The archive of the version before, where the defect shows against that. */
  readonly previous: string | undefined
  /** The folder that an archive is said to be packed from. */
  readonly source: string | undefined
  /** A snapshot of vulnerabilities, `advisories.json` in its folder. */
  readonly advisories: string | undefined
}

/** What a plugin of the corpus may do to itself beyond files: `make.ts` in its folder. @returns the path to judge instead, such as an archive */
export type Making = (folder: string) => Promise<string | void>

const CORPUS = join(import.meta.dirname, '..')
const BASE = join(CORPUS, 'base/plugin')
/** Ours, and no part of the plugin. */
const ABOUT = ['advisories.json', 'corpus.json', 'make.ts', 'previous', 'packages']

/**
 * Every plugin of the corpus, by name. One is a folder `bad-…` or `good-…`: `corpus.json`, and files that come over those of the base. Its `packages/` becomes
 * `node_modules/`; `previous/` holds the files of the version before, over those of the base.
 */
export async function corpusPlugins(): Promise<readonly CorpusPlugin[]> {
  const names = (await readdir(CORPUS)).filter((name) => /^(bad|good)-/.test(name)).sort()
  return Promise.all(names.map(async (name) => {
    const entry = JSON.parse(await readFile(join(CORPUS, name, 'corpus.json'), 'utf8')) as CorpusEntry
    return { ...entry, name, make: () => make(name, entry) }
  }))
}

async function make(name: string, entry: CorpusEntry): Promise<MadePlugin> {
  const root = await mkdtemp(join(tmpdir(), 'liberacces-corpus-'))
  const close = (): Promise<void> => rm(root, { recursive: true, force: true })
  try {
    const own = join(CORPUS, name)
    const folder = join(root, name)
    await overlay(folder, own, entry)
    const files = await readdir(own)
    if (files.includes('packages')) await cp(join(own, 'packages'), join(folder, 'node_modules'), { recursive: true })
    const previous = files.includes('previous') ? join(root, 'previous.tgz') : undefined
    if (previous !== undefined) {
      const before = join(root, 'previous')
      await overlay(before, join(own, 'previous'), JSON.parse(await readFile(join(own, 'previous/corpus.json'), 'utf8').catch(() => '{}')) as CorpusEntry)
      await writeFile(previous, (await packPlugin(before)).archive)
    }
    const making = files.includes('make.ts') ? (await import(join(own, 'make.ts')) as { readonly default: Making }).default : undefined
    return {
      path: await making?.(folder) || folder, previous, [Symbol.asyncDispose]: close,
      source: entry.source === true ? folder : undefined, advisories: files.includes('advisories.json') ? join(own, 'advisories.json') : undefined,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function overlay(folder: string, own: string, { package: changes = {}, without = [] }: Partial<CorpusEntry>): Promise<void> {
  await cp(BASE, folder, { recursive: true })
  for (const file of without) await rm(join(folder, file))
  const described = { ...JSON.parse(await readFile(join(BASE, 'package.json'), 'utf8')) as object, ...changes }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(Object.fromEntries(Object.entries(described).filter(([, value]) => value !== null)), null, 2)}\n`)
  await mkdir(folder, { recursive: true })
  for (const entry of await readdir(own)) if (!ABOUT.includes(entry)) await cp(join(own, entry), join(folder, entry), { recursive: true })
}
