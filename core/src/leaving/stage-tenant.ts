import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import type { FileStore } from '../storage/files.ts'
import type { Moment, StoreKey } from '../storage/storage.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { README_PATH, REGISTER_PATH, type LockedPlugin } from './archive-format.ts'
import { LEAVING_TABLES, type LeavingTable } from './kernel-tables.ts'
import type { LeavingPorts, Progress } from './leaving-ports.ts'
import { readmeText } from './readme-text.ts'
import { registerText } from './register-text.ts'
import type { Staging } from './staging.ts'
import { writeTable, type LineRow } from './table-lines.ts'

/** How much is copied. */
export interface StageOptions {
  readonly passwords?: boolean
  readonly progress?: Progress
}

/** What was copied. */
export interface Staged {
  readonly lock: readonly LockedPlugin[]
  /** Files that rows name and that were missing on disk already. */
  readonly missingFiles: number
}

/** States of an installation that stay what they are while nobody changes them. */
const SETTLED: ReadonlySet<string> = new Set(['active', 'inactive', 'degraded', 'migration-failed', 'archived', 'purged'])

/** The staging folder of an export that a stop cut short is deleted by the next start. */
const PASSING = { durable: false } as const

/**
 * Brings a copy of everything into the staging folder, laid out as in the archive: all of one moment, and the files linked.
 * @throws PlatformError `TENANT_CHANGING`
 */
export async function stageTenant(ports: LeavingPorts, tenant: Tenant, staging: Staging, { passwords = true, progress }: StageOptions): Promise<Staged> {
  const { storage, files } = ports
  const blobFolder = ({ pluginId }: StoreKey): string => staging.at('files', pluginId)
  await mkdir(staging.at('tables'), { recursive: true, mode: 0o700 })
  await mkdir(staging.at('databases'), { recursive: true, mode: 0o700 })
  // The bulk before anything is held still.
  for (const key of await files.storesOf(tenant.id)) await files.copyBlobs(key, blobFolder(key), PASSING)
  const holders = await holdersOf(ports, tenant.id)
  const moment = await heldStill(files, holders, async () => {
    const taken = await storage.momentOf([tenant.id])
    try {
      for (const key of holders) await files.copyBlobs(key, blobFolder(key), PASSING)
      return taken
    } catch (error) {
      await taken.close()
      throw error
    }
  })
  try {
    const lock = await lockAt(ports, tenant, moment.platform)
    let done = 0
    const total = LEAVING_TABLES.length + moment.stores.length
    for (const table of LEAVING_TABLES) {
      progress?.(`table ${table.name}`, done, total)
      await writeTable(moment.platform, table, tenant.id, staging.at('tables', `${table.name}.jsonl`), lineOf(table, passwords))
      done += 1
    }
    let missingFiles = 0
    for (const store of moment.stores) {
      progress?.(`database ${store.key.pluginId}`, done, total)
      await store.copyTo(staging.at('databases', `${store.key.pluginId}.sqlite`))
      const named = await store.kernel.selectFrom('liberacces_file').select('sha256').distinct().execute()
      missingFiles += named.filter(({ sha256 }) => !existsSync(join(blobFolder(store.key), sha256.slice(0, 2), sha256))).length
      done += 1
    }
    await writeFile(staging.at(REGISTER_PATH), registerText(tenant, ports.privacy.register(tenant.id)), { mode: 0o600 })
    await writeFile(staging.at(README_PATH), readmeText(tenant, passwords), { mode: 0o600 })
    return { lock, missingFiles }
  } finally {
    await moment.close()
  }
}

/** Stores whose files may change: those that have a database, and those that have files. */
async function holdersOf({ storage, files }: LeavingPorts, tenantId: string): Promise<readonly StoreKey[]> {
  const ids = new Set([...await storage.storesOf(tenantId), ...await files.storesOf(tenantId)].map(({ pluginId }) => pluginId))
  return [...ids].sort().map((pluginId) => ({ tenantId, pluginId }))
}

/** Holds several stores still, always in the same order, so that two who do so do not wait for each other. */
function heldStill<Result>(files: FileStore, [first, ...rest]: readonly StoreKey[], body: () => Promise<Result>): Promise<Result> {
  return first === undefined ? body() : files.heldStill(first, () => heldStill(files, rest, body))
}

async function lockAt({ catalogue, installations }: LeavingPorts, tenant: Tenant, platform: Moment['platform']): Promise<readonly LockedPlugin[]> {
  const rows = await platform.selectFrom('installation').selectAll().where('tenant_id', '=', tenant.id).orderBy('plugin_id').execute()
  const operations = await platform.selectFrom('operation').select('plugin_id').where('tenant_id', '=', tenant.id).execute()
  const changing = rows.filter(({ plugin_id: id, state }) => !SETTLED.has(state) || operations.some((operation) => operation.plugin_id === id))
  if (changing.length > 0) {
    throw new PlatformError('TENANT_CHANGING', `Plugins of "${tenant.info.slug}" are being changed: ${changing.map(({ plugin_id: id, state }) => `"${id}" (${state})`).join(', ')}.`, { fix: 'Export when that is done.' })
  }
  const consents = await platform.selectFrom('consent').select(['plugin_id', 'scope', 'decision']).where('tenant_id', '=', tenant.id).orderBy('scope').execute()
  // Providers before those who need them, and then what is off.
  const order = installations.modules(tenant.id).releases.map(({ manifest }) => manifest.id)
  const placeOf = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length)
  return rows.toSorted((a, b) => placeOf(a.plugin_id) - placeOf(b.plugin_id)).map(({ plugin_id: id, version, state }) => {
    const digest = catalogue.digest(id, version)
    const of = (decision: string): string[] => consents.filter((one) => one.plugin_id === id && one.decision === decision).map(({ scope }) => scope)
    return { id, version, state, ...(digest === undefined ? {} : { digest }), scopes: of('granted'), refused: of('refused') }
  })
}

function lineOf({ name }: LeavingTable, passwords: boolean): (row: LineRow) => LineRow {
  if (name === 'account' && !passwords) return (row) => ({ ...row, password_hash: null })
  if (name === 'audit') return ({ id: _number, ...row }) => row
  return (row) => row
}
