import type { Migrations } from '@liberacces/sdk'
import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { examineStoreFile, type AppliedMigration } from '../storage/sqlite/place-store-file.ts'
import { createSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { storePrograms } from '../storage/sqlite/store-programs.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { exportInvalid } from './archive-reader.ts'
import { ImportedRows } from './imported-rows.ts'
import { LEAVING_TABLES } from './kernel-tables.ts'
import type { LeavingPorts, Progress } from './leaving-ports.ts'
import { lastAuditLine, placeDatabases, placeFiles, refuseTakenPlaces, undoPlacing, writeAudit, writeRows } from './place-import.ts'
import { planImport, type ImportPlan, type ImportWishes, type PlannedPlugin } from './plan-import.ts'
import { readExport, type ReadExport } from './read-export.ts'
import { strangeProgram } from './strange-program.ts'
import { Staging } from './staging.ts'

/** How a tenant is imported. */
export interface ImportOptions extends ImportWishes {
  /** The archive that `tenant export` wrote. */
  readonly file: string
  readonly progress?: Progress
}

/** What came in. */
export interface Imported {
  readonly tenant: Tenant
  readonly plugins: readonly PlannedPlugin[]
  readonly droppedHosts: readonly string[]
  readonly fingerprint: string
  readonly entries: number
  readonly bytes: number
  readonly passwords: boolean
}

/**
 * Brings in a tenant that another platform has exported, with its ids: all of it, or nothing. Everything is read, checked and migrated
 * beside the data before the platform is touched.
 * @throws PlatformError `EXPORT_INVALID`, `EXPORT_UNSUPPORTED`, those of a plan, `MIGRATION_FAILED`
 */
export async function importTenant(ports: LeavingPorts, options: ImportOptions, by: AuditActor): Promise<Imported> {
  const { dataFolder, outside, storage } = ports
  const reached = async (point: string): Promise<void> => { await outside.reached?.(`import:${point}`) }
  let plan: ImportPlan | undefined
  const staging = await Staging.create(dataFolder, `import-${Buffer.from(outside.randomBytes(8)).toString('hex')}`, { what: 'import', state: 'reading' })
  let placing: { readonly tenantId: string; readonly auditAfter: number } | undefined
  try {
    const read = await readExport(options.file, staging, async (manifest, fingerprint) => {
      if (options.fingerprint !== undefined && options.fingerprint.toLowerCase() !== fingerprint) throw exportInvalid(options.file, `its fingerprint is ${fingerprint}, and not ${options.fingerprint}`)
      plan = await planImport(ports, manifest, options)
      await refuseTakenPlaces(ports, manifest.tenant.id)
    }, options.progress)
    if (plan === undefined) throw new Error('The manifest was not looked at.')
    const { wish, plugins, droppedHosts } = plan
    const { id } = read.manifest.tenant
    await reached('read')
    const rows = new ImportedRows(staging, options.file, id, read.tables)
    await rows.check(storage.platform, LEAVING_TABLES, read.manifest.plugins)
    const stores = await rehearse(ports, staging, read, plugins, options)
    const createdAt = await createdAtOf(rows, outside.now())
    const noPassword = await ports.passwords.hash(Buffer.from(outside.randomBytes(24)).toString('hex'))
    await reached('rehearsed')

    placing = { tenantId: id, auditAfter: await lastAuditLine(storage) }
    await staging.note({ what: 'import', state: 'placing', ...placing })
    await reached('placing')
    await placeFiles(staging, ports.files, id)
    await reached('files-placed')
    await placeDatabases(staging, storage, id)
    await reached('databases-placed')
    await writeAudit(storage, rows, id)
    await reached('audit-written')
    const tenant = await ports.tenants.adopt(wish, id, {
      createdAt,
      write: async (tx) => {
        await writeRows(tx, id, { rows, plugins, noPassword, stores, now: outside.now() })
        for (const { id: pluginId, version, refused } of plugins) {
          const release = ports.catalogue.manifest(pluginId, version)
          if (release !== undefined) await ports.consents.accept(id, release, { refuse: refused.filter((scope) => Object.hasOwn(release.optionalScopes ?? {}, scope)) }, by, tx)
        }
      },
      complete: async () => {
        placing = undefined
        await reached('committed')
        await switchOn(ports, id, plugins, [...stores.keys()], by)
        await reached('activated')
      },
    }, by)
    await staging.remove()
    return { tenant, plugins, droppedHosts, fingerprint: read.fingerprint, entries: read.manifest.index.entries, bytes: read.manifest.index.bytes, passwords: read.manifest.passwords }
  } catch (error) {
    if (placing !== undefined) await undoPlacing({ storage, removeFiles: (id) => ports.files.dropTenant(id) }, placing.tenantId, placing.auditAfter)
    await staging.remove()
    throw ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes((error as NodeJS.ErrnoException).code ?? '')
      ? new PlatformError('DISK_SPACE_MISSING', 'The disk is full. Nothing was brought in.', { fix: 'Make room on the disk, then import again.', cause: error })
      : error
  }
}

/**
 * Examines every database, and migrates those whose release is newer here: on the copies, which are what will be placed.
 * @returns plugins that have a database, with the migrations these have had
 * @throws PlatformError `EXPORT_INVALID`, `MIGRATION_FAILED`
 */
async function rehearse({ catalogue, outside }: LeavingPorts, staging: Staging, { manifest, pluginIds }: ReadExport, plugins: readonly PlannedPlugin[], { file, progress }: ImportOptions): Promise<ReadonlyMap<string, readonly AppliedMigration[]>> {
  const tenantId = manifest.tenant.id
  const pathOf = (pluginId: string): string => staging.at('tenants', tenantId, `${pluginId}.sqlite`)
  const examine = (pluginId: string): readonly AppliedMigration[] => {
    try {
      return examineStoreFile(pathOf(pluginId))
    } catch (cause) {
      throw exportInvalid(file, `databases/${pluginId}.sqlite is no sound database (${(cause as Error).message})`, cause)
    }
  }
  const found = new Map([...pluginIds].map((pluginId) => [pluginId, examine(pluginId)]))
  const refuseStrange = async (pluginId: string, migrations: Migrations | undefined): Promise<void> => {
    const strange = await strangeProgram({ path: pathOf(pluginId), pluginId, applied: found.get(pluginId) ?? [], migrations }, staging.at('fresh', pluginId), outside)
    if (strange !== undefined) throw exportInvalid(file, `databases/${pluginId}.sqlite has "${strange}", which runs by itself, and which no migration of a release here has made`)
  }
  const scratch = createSqliteStorage({ folder: staging.folder, outside })
  const loadedHere: PlannedPlugin[] = []
  try {
    for (const [index, plugin] of plugins.entries()) {
      progress?.(`migrating ${plugin.id}`, index, plugins.length)
      const isLoaded = catalogue.release(plugin.id, plugin.version) !== undefined
      const release = await catalogue.load(plugin.id, plugin.version)
      if (!isLoaded) loadedHere.push(plugin)
      if (!found.has(plugin.id)) continue
      const migrations = (release.plugin.migrations ?? {}) as Migrations
      await refuseStrange(plugin.id, migrations)
      await scratch.migrate({ tenantId, pluginId: plugin.id }, migrations)
    }
    // Those that are switched off: their release may be here or not, and is not kept.
    for (const { id, version } of manifest.plugins.filter((one) => found.has(one.id) && !plugins.some((plugin) => plugin.id === one.id))) {
      if (storePrograms(pathOf(id)).size === 0) continue
      const isLoaded = catalogue.release(id, version) !== undefined
      const release = catalogue.manifest(id, version) === undefined ? undefined : await catalogue.load(id, version)
      await refuseStrange(id, release?.plugin.migrations as Migrations | undefined)
      if (release !== undefined && !isLoaded) await catalogue.unload(id, version)
    }
    for (const pluginId of pluginIds) if (!manifest.plugins.some(({ id }) => id === pluginId)) await refuseStrange(pluginId, undefined)
  } catch (error) {
    for (const { id, version } of loadedHere) await catalogue.unload(id, version)
    throw error
  } finally {
    await scratch.close()
  }
  for (const pluginId of pluginIds) found.set(pluginId, examine(pluginId))
  return found
}

async function createdAtOf(rows: ImportedRows, otherwise: number): Promise<number> {
  const table = LEAVING_TABLES.find(({ name }) => name === 'tenant')
  if (table !== undefined) for await (const [row] of rows.batches(table)) if (typeof row?.['created_at'] === 'number') return row['created_at']
  return otherwise
}

/** The tenant is there and at no address yet: what it ran is switched on, and what it had not delivered goes on its way. */
async function switchOn({ consents, installations, roles, settings, wake }: LeavingPorts, tenantId: string, plugins: readonly PlannedPlugin[], stores: readonly string[], by: AuditActor): Promise<void> {
  await settings.reload(tenantId)
  roles.invalidate(tenantId)
  consents.forget(tenantId)
  for (const { id, version, refused } of plugins) await installations.enable(tenantId, id, version, by, refused)
  for (const pluginId of stores) await wake({ tenantId, pluginId })
}
