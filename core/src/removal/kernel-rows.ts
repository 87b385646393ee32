import { sql, type Kysely } from 'kysely'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { StoreKey } from '../storage/storage.ts'
import { tableColumns } from '../storage/table-columns.ts'

type Tx = Kysely<PlatformTables>

/** A row of the kernel's tables, whatever the table. */
export type KernelRow = Readonly<Record<string, string | number | null>>

/**
 * What stays when a plugin is purged: what was done, that it was purged, and the journal of the very operation.
 * Snapshots are rows and folders, and are dropped together.
 */
const KEPT: ReadonlySet<string> = new Set(['audit', 'installation', 'operation', 'snapshot'])

/**
 * The kernel's tables that speak of a plugin at a tenant. Looked up in the database itself, so that one which is added later cannot be forgotten.
 */
async function tablesOfPlugins(db: Tx): Promise<readonly string[]> {
  const names = [...await tableColumns(db)].filter(([, columns]) => columns.includes('tenant_id') && columns.includes('plugin_id')).map(([name]) => name)
  return names.filter((name) => !KEPT.has(name))
}

/** Rows by table, of those tables alone that have some. */
export async function kernelRowsOf(db: Tx, { tenantId, pluginId }: StoreKey): Promise<Readonly<Record<string, readonly KernelRow[]>>> {
  const found: Record<string, readonly KernelRow[]> = {}
  for (const table of await tablesOfPlugins(db)) {
    const { rows } = await sql<KernelRow>`select * from ${sql.table(table)} where tenant_id = ${tenantId} and plugin_id = ${pluginId}`.execute(db)
    if (rows.length > 0) found[table] = rows
  }
  return found
}

/** Deletes all that {@link kernelRowsOf} finds. */
export async function deleteKernelRows(tx: Tx, { tenantId, pluginId }: StoreKey): Promise<void> {
  for (const table of await tablesOfPlugins(tx)) await sql`delete from ${sql.table(table)} where tenant_id = ${tenantId} and plugin_id = ${pluginId}`.execute(tx)
}

/** Rows that speak of a plugin without naming it in a column: decisions about its permissions and roles, and where people put its tiles. */
export interface SpokenRows {
  readonly role_permission: readonly KernelRow[]
  readonly account_role: readonly KernelRow[]
  readonly guest_role: readonly KernelRow[]
  readonly layout: readonly KernelRow[]
}

/** @param roles - roles that exist only because of the plugin */
export async function spokenRowsOf(db: Tx, { tenantId, pluginId }: StoreKey, roles: readonly string[]): Promise<SpokenRows> {
  const prefix = `${pluginId}/`
  const decisions = await db.selectFrom('role_permission').selectAll().where('tenant_id', '=', tenantId).execute()
  const held = await db.selectFrom('account_role').selectAll().where('account_id', 'in', accountsOf(db, tenantId)).execute()
  const guests = await db.selectFrom('guest_role').selectAll().where('satellite_id', '=', tenantId).execute()
  const layout = await db.selectFrom('layout').selectAll().where('account_id', 'in', accountsOf(db, tenantId)).execute()
  return {
    role_permission: decisions.filter(({ permission, role }) => permission.startsWith(prefix) || roles.includes(role)),
    account_role: held.filter(({ role }) => roles.includes(role)),
    guest_role: guests.filter(({ role }) => roles.includes(role)) as unknown as readonly KernelRow[],
    layout: layout.filter(({ contribution }) => isTileOf(pluginId, contribution)),
  }
}

/** Deletes all that {@link spokenRowsOf} finds. */
export async function deleteSpokenRows(tx: Tx, key: StoreKey, roles: readonly string[]): Promise<void> {
  const { role_permission: decisions, account_role: held, guest_role: guests, layout } = await spokenRowsOf(tx, key, roles)
  for (const row of decisions) await deleteRow(tx, 'role_permission', row)
  for (const row of held) await deleteRow(tx, 'account_role', row)
  for (const row of guests) await deleteRow(tx, 'guest_role', row)
  for (const row of layout) await deleteRow(tx, 'layout', row)
}

async function deleteRow(tx: Tx, table: string, row: KernelRow): Promise<void> {
  const same = Object.entries(row).map(([column, value]) => sql`${sql.ref(column)} is not distinct from ${value}`)
  await sql`delete from ${sql.table(table)} where ${sql.join(same, sql` and `)}`.execute(tx)
}

/** Puts rows back; one that is there already stays as it is. */
export async function insertRows(tx: Tx, table: string, rows: readonly KernelRow[]): Promise<void> {
  for (const row of rows) {
    const columns = Object.keys(row)
    await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))}) values (${sql.join(columns.map((column) => row[column]))}) on conflict do nothing`.execute(tx)
  }
}

function accountsOf(db: Tx, tenantId: string) {
  return db.selectFrom('account').select('id').where('tenant_id', '=', tenantId)
}

/** Keys of contributions are their plugin's id and a number. The id of another plugin may begin with this one. */
function isTileOf(pluginId: string, contribution: string): boolean {
  return contribution.startsWith(`${pluginId}.`) && /^\d+$/.test(contribution.slice(pluginId.length + 1))
}
