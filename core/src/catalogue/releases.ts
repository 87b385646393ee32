import type { Manifest } from '@liberacces/sdk/host'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { Admission, Labels } from '../labels/labels.ts'
import type { FoundLabel } from '../labels/find-label.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { ReleaseRow } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { Catalogue } from './catalogue.ts'
import type { Connect } from './described-release.ts'
import { archiveOf } from './archive/archive-of.ts'
import { examineArchive, type Examined } from './archive/examine-archive.ts'
import type { Locks } from '../locks/locks.ts'
import { problemsAsOne, problemsIn } from './problems-as-one.ts'
import type { OutsideRunner } from './runs-in.ts'
import type { ReleaseFolder, ReleaseKey } from './release-folder.ts'
import { storedSource } from './stored-source.ts'

/** What `install` did. */
export interface InstalledRelease extends ReleaseKey {
  readonly digest: string
  readonly source: string
  readonly manifest: Manifest
  /** Whether it was installed already, with the same digest. */
  readonly isKnown: boolean
  /** What its label says, as far as it has one. */
  readonly label: Admission
}

/** What is right or wrong with an archive. */
export type Verdict = Examined & { readonly source: string; readonly label?: Admission }

/** The releases that came in archives: taken in, examined, removed. Every change is audited and survives a crash. */
export interface Releases {
  /**
   * Takes a release in from an archive: a packed folder, a `.tgz`, an npm name. It is stored for good, and runs nowhere yet. Doing it twice
   * with the same archive is harmless.
   * @param folder - where relative paths start
   * A label that comes with it is verified by the Pool's policy; installing a known archive with a new label renews the label.
   * @throws PlatformError `LABEL_…`, `ARCHIVE_UNAVAILABLE`, `RELEASE_IMMUTABLE`, `RELEASE_NOT_STORED`, `ARCHIVE_INVALID` or what else is wrong with the archive, all of it
   */
  install(spec: string, folder: string, by: AuditActor): Promise<InstalledRelease>
  /**
   * The same of an archive that somebody holds.
   * @param source - where it came from, for people
   * @param beside - its label and what belongs to it. @defaultValue none
   */
  take(archive: Buffer, source: string, by: AuditActor, beside?: Omit<FoundLabel, 'archive'>): Promise<InstalledRelease>
  /** Everything that `install` would look at, without installing. @throws PlatformError `ARCHIVE_UNAVAILABLE` */
  verify(spec: string, folder: string): Promise<Verdict>
  /**
   * Removes one release, or all installed ones of a plugin. @returns what was removed
   * @throws PlatformError `PLUGIN_UNKNOWN`, `RELEASE_IN_USE` naming the tenants that run it, or may go back to it; nothing is removed then
   */
  remove(pluginId: string, version: string | undefined, by: AuditActor): Promise<readonly ReleaseKey[]>
}

interface Deps {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly locks: Pick<Locks, 'withLock'>
  readonly catalogue: Catalogue
  readonly folder: ReleaseFolder
  readonly labels: Pick<Labels, 'admit' | 'record' | 'forget' | 'refresh'>
  /** Has a release that runs elsewhere called there. */
  readonly connect: Connect
  /** On whose trail what concerns the whole platform is written: the Pool's. */
  readonly poolId: () => string
  /** Where releases run that are only looked at. */
  readonly runner?: OutsideRunner
  /** Whether a release could take requests; throws PlatformErrors. Left out where nothing is served. */
  readonly tryOut: (plugin: Omit<LoadedRelease, 'scope'>) => Promise<void>
}

/** See {@link Releases}. */
export function createReleases({ storage, outside, audit, locks, catalogue, folder, labels, connect, poolId, tryOut, runner }: Deps): Releases {
  /** One change of a plugin's releases at a time, over all nodes: their archives lie in one place. */
  const exclusively = <Result>(id: string, change: () => Promise<Result>): Promise<Result> => locks.withLock(`releases/${id}`, change)
  const reached = async (point: string): Promise<void> => { await outside.reached?.(point) }
  const examine = async (spec: string, from: string): Promise<Verdict> => {
    try {
      const { found, source } = await archiveOf(spec, from)
      const examined = await examineArchive(found.archive, source, tryOut, runner)
      return examined.ok ? { ...examined, source, label: await labels.admit(examined.manifest, found) } : { ...examined, source }
    } catch (error) {
      const problems = problemsIn(error)
      if (problems.some(({ code }) => code === 'ARCHIVE_UNAVAILABLE')) throw error
      return { ok: false, problems, source: spec }
    }
  }
  const rowOf = ({ id, version }: ReleaseKey): Promise<ReleaseRow | undefined> =>
    storage.platform.selectFrom('release').selectAll().where('id', '=', id).where('version', '=', version).executeTakeFirst()

  /** Why a release that is right in itself cannot be taken in beside what is there. */
  const inTheWay = async (manifest: Manifest, digest: string, known: ReleaseRow | undefined): Promise<PlatformError | undefined> => {
    const { id, version } = manifest
    // Those that another node has just installed may not be in memory yet.
    const stored = await storage.platform.selectFrom('release').select('manifest_json').where('id', '=', id).execute()
    const others = [...catalogue.find(id), ...stored.map((row) => JSON.parse(row.manifest_json) as Manifest)]
    if (others.some(({ runtime }) => (runtime === 'remote') !== (manifest.runtime === 'remote'))) return otherKind(manifest)
    const what = `${id} ${version}`
    if (known !== undefined && known.digest !== digest) return immutable(`${what} is installed already with ${known.digest}; this archive has ${digest}.`)
    if (known === undefined && catalogue.manifest(id, version) !== undefined) return immutable(`${what} ships with this platform (${catalogue.source(id, version) ?? 'given in code'}).`)
    return undefined
  }

  /** Tenants that run it, that have data made by it, that may go back to it, or that are on their way to or from it. */
  const neededBy = async ({ id, version }: ReleaseKey): Promise<readonly string[]> => {
    const { platform } = storage
    const tenants = await platform.selectFrom('tenant').select('slug').where((is) => is('tenant.id', 'in', platform
      .selectFrom('installation').select('tenant_id').where('plugin_id', '=', id).where('version', '=', version).where('state', '!=', 'purged')
      .union(platform.selectFrom('snapshot').select('tenant_id').where('plugin_id', '=', id).where('version', '=', version))
      .union(platform.selectFrom('operation').select('tenant_id').where('plugin_id', '=', id).where((or) => or.or([or('from_version', '=', version), or('to_version', '=', version)]))),
    )).orderBy('slug').execute()
    return tenants.map(({ slug }) => slug)
  }

  const take: Releases['take'] = async (bytes, source, by, beside = {}) => {
    const examined = await examineArchive(bytes, source, tryOut, runner)
    if (!examined.ok) throw problemsAsOne(examined.problems)
    const { manifest, digest } = examined
    const { id, version } = manifest
    const label = await labels.admit(manifest, { ...beside, archive: bytes })
    return exclusively(id, async () => {
      const known = await rowOf(manifest)
      const conflict = await inTheWay(manifest, digest, known)
      if (conflict !== undefined) throw conflict
      const done = { id, version, digest, source: known?.source ?? source, manifest, label }
      if (known !== undefined) {
        await repair(folder, manifest, digest, bytes)
        if (label.row !== undefined) await storage.platformTransaction((tx) => labels.record(tx, label, by))
        await labels.refresh()
        if (catalogue.manifest(id, version) === undefined) catalogue.add(storedSource(folder, connect, known))
        return { ...done, isKnown: true }
      }
      await reached('install:checked')
      await folder.put(manifest, bytes)
      const row: ReleaseRow = { id, version, digest, manifest_json: JSON.stringify(manifest), source, bytes: bytes.length, installed_at: outside.now(), installed_by: by.name }
      try {
        await storage.platformTransaction(async (tx) => {
          await tx.insertInto('release').values(row).execute()
          await audit.record({ tenantId: poolId(), actor: by, action: 'release.installed', target: id, detail: { version, digest, source } }, tx)
          await labels.record(tx, label, by)
        })
      } catch (error) {
        await folder.remove(manifest)
        throw error
      }
      await reached('install:recorded')
      await labels.refresh()
      // A notice that installed releases have changed may have brought it into the catalogue meanwhile.
      if (catalogue.manifest(id, version) === undefined) catalogue.add(storedSource(folder, connect, row))
      return { ...done, isKnown: false }
    })
  }

  return {
    async verify(spec, from) {
      const verdict = await examine(spec, from)
      if (!verdict.ok) return verdict
      const conflict = await inTheWay(verdict.manifest, verdict.digest, await rowOf(verdict.manifest))
      return conflict === undefined ? verdict : { ...verdict, ok: false, problems: [conflict] }
    },
    async install(spec, from, by) {
      const { found, source } = await archiveOf(spec, from)
      return take(found.archive, source, by, found)
    },
    take,
    remove: (pluginId, version, by) => exclusively(pluginId, async () => {
      const rows = await storage.platform.selectFrom('release').select(['id', 'version', 'digest']).where('id', '=', pluginId).$if(version !== undefined, (query) => query.where('version', '=', version ?? '')).execute()
      if (rows.length === 0) throw notInstalled(pluginId, version, catalogue)
      for (const row of rows) {
        const tenants = await neededBy(row)
        if (tenants.length > 0) throw inUse(row, tenants)
      }
      for (const { id, version: gone, digest } of rows) {
        await storage.platformTransaction(async (tx) => {
          await tx.deleteFrom('release').where('id', '=', id).where('version', '=', gone).execute()
          await labels.forget(tx, { id, version: gone })
          // Where it answers is forgotten with its last release.
          await tx.deleteFrom('remote_application').where('id', '=', id).where((is) => is.not(is.exists(tx.selectFrom('release').select('id').where('id', '=', id)))).execute()
          await audit.record({ tenantId: poolId(), actor: by, action: 'release.removed', target: id, detail: { version: gone, digest } }, tx)
        })
        await reached('remove:recorded')
        await labels.refresh()
        await catalogue.drop(id, gone)
        await folder.remove({ id, version: gone })
      }
      return rows.map(({ id, version: gone }) => ({ id, version: gone }))
    }),
  }
}

/** Puts the archive of a known release back where it is missing or damaged. */
async function repair(folder: ReleaseFolder, key: ReleaseKey, digest: string, bytes: Uint8Array): Promise<void> {
  try {
    await folder.read(key, digest)
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'RELEASE_DAMAGED') throw error
    await folder.put(key, bytes)
  }
}

/** An application's secret and address would go to a plugin, or a plugin's data and rights to an application. */
function otherKind({ id, runtime }: Manifest): PlatformError {
  return runtime === 'remote'
    ? new PlatformError('REMOTE_INVALID', `The application cannot be added: "${id}" is a plugin that runs on this platform.`, { fix: 'An application takes the place of no plugin: it needs an id of its own.' })
    : new PlatformError('RELEASE_IMMUTABLE', `"${id}" is an application that was added to this platform, and no plugin takes its place.`, { fix: `Give the plugin an id of its own, or remove the application first: liberacces plugin remove ${id}` })
}

function immutable(message: string): PlatformError {
  return new PlatformError('RELEASE_IMMUTABLE', message, { fix: 'A version never changes: publish another one.' })
}

function notInstalled(pluginId: string, version: string | undefined, catalogue: Catalogue): PlatformError {
  const isShipped = catalogue.find(pluginId).some((manifest) => version === undefined || manifest.version === version)
  return new PlatformError('PLUGIN_UNKNOWN', `${pluginId}${version === undefined ? '' : ` ${version}`} ${isShipped ? 'ships with the platform; it was not installed from an archive' : 'is not installed'}.`,
    { fix: isShipped ? 'Remove it from the folder of plugins.' : 'See `liberacces plugin list`.' })
}

/** Most tenants that a message names. */
const MOST_NAMED = 5

function inUse({ id, version }: ReleaseKey, tenants: readonly string[]): PlatformError {
  const named = tenants.slice(0, MOST_NAMED).join(', ')
  const more = tenants.length > MOST_NAMED ? ` and ${tenants.length - MOST_NAMED} more` : ''
  return new PlatformError('RELEASE_IN_USE', `${id} ${version} is needed by ${named}${more}.`, { fix: 'Upgrade these tenants, or purge the plugin there, then remove it. What they may go back to counts too.' })
}
