import type { Kysely } from 'kysely'
import { POOL_ADMIN } from '../identity/kernel-permissions.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import { tableColumns } from '../storage/table-columns.ts'
import { ID, LINE_LIMIT, type LockedPlugin } from './archive-format.ts'
import { exportInvalid } from './archive-reader.ts'
import type { LeavingTable } from './kernel-tables.ts'
import type { Staging } from './staging.ts'
import { linesOf, type LineRow } from './table-lines.ts'

/** Rows written at a time. */
const BATCH = 200
/** A hash that costs no more than a login may: argon2id, at most 256 MiB and ten passes. */
const HASH = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=([1-8])\$[A-Za-z0-9+/]{11,88}\$[A-Za-z0-9+/]{16,128}$/
const MOST_MEMORY_KIB = 262_144
const MOST_PASSES = 10
/** What roles are called: by administrators, and by plugins, which may a little more. */
const ROLE_ID = /^[a-z][a-z0-9.-]{0,60}$/
const PLUGIN_ID = new RegExp(`^${ID}$`)
/** Where a plugin may stand at a tenant that is not being changed. Only the first of them runs, and so is planned. */
const STATES: ReadonlySet<unknown> = new Set(['active', 'inactive', 'migration-failed', 'archived', 'purged'])

/** The rows of an export, read from its staging folder: each one of the tenant, and with columns that are known here. */
export class ImportedRows {
  readonly #staging: Staging
  readonly #name: string
  readonly #tenantId: string
  readonly #tables: ReadonlySet<string>
  readonly #columns = new Map<string, ReadonlySet<string>>()
  readonly #accounts = new Set<string>()

  /** @param name - of the archive, for messages */
  constructor(staging: Staging, name: string, tenantId: string, tables: ReadonlySet<string>) {
    this.#staging = staging
    this.#name = name
    this.#tenantId = tenantId
    this.#tables = tables
  }

  /**
   * Reads every row once, so that nothing is refused halfway.
   * @param lock - the plugins that the manifest names, which are those that were planned: the rows must say the same
   * @throws PlatformError `EXPORT_INVALID`
   */
  async check(platform: Kysely<PlatformTables>, tables: readonly LeavingTable[], lock: readonly LockedPlugin[]): Promise<void> {
    const strange = [...this.#tables].find((name) => !tables.some((table) => table.name === name))
    if (strange !== undefined) throw exportInvalid(this.#name, `it holds rows of "${strange}", which this platform does not bring in`)
    const columns = await tableColumns(platform)
    for (const { name } of tables) this.#columns.set(name, new Set(columns.get(name)))
    const installed = new Map<unknown, LineRow>()
    for (const table of tables) {
      for await (const rows of this.batches(table)) {
        if (table.name === 'account') for (const { id } of rows) this.#accounts.add(String(id))
        if (table.name === 'installation') for (const row of rows) installed.set(row['plugin_id'], row)
      }
    }
    this.#requireLock(installed, lock)
    for (const batch of inBatches([...this.#accounts])) {
      const taken = await platform.selectFrom('account').select('id').where('id', 'in', batch).executeTakeFirst()
      if (taken !== undefined) throw exportInvalid(this.#name, `it has the account ${taken.id}, which is another tenant's here`)
    }
  }

  /** The rows of a table, some at a time. */
  async *batches(table: LeavingTable): AsyncGenerator<readonly LineRow[], void, undefined> {
    if (!this.#tables.has(table.name)) return
    try {
      for await (const lines of linesOf(this.#staging.at('tables', `${table.name}.jsonl`), BATCH, LINE_LIMIT)) yield lines.map((line) => this.#row(table, line))
    } catch (cause) {
      if (cause instanceof RangeError || cause instanceof SyntaxError) throw exportInvalid(this.#name, `a line of tables/${table.name}.jsonl cannot be read`, cause)
      throw cause
    }
  }

  /** What the manifest does not name was held against no entitlement and no consent, and must not run all the same. */
  #requireLock(installed: ReadonlyMap<unknown, LineRow>, lock: readonly LockedPlugin[]): void {
    const strange = lock.find(({ id, version, state }) => installed.get(id)?.['version'] !== version || installed.get(id)?.['state'] !== state)
    if (strange !== undefined) throw exportInvalid(this.#name, `its manifest and its tables disagree about "${strange.id}"`)
    if (installed.size !== lock.length) throw exportInvalid(this.#name, 'its tables name other plugins than its manifest')
  }

  #row({ name, of }: LeavingTable, line: string): LineRow {
    const row: unknown = JSON.parse(line)
    const refuse = (why: string): never => { throw exportInvalid(this.#name, `a line of tables/${name}.jsonl ${why}`) }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return refuse('is no row')
    const entries = Object.entries(row) as [string, unknown][]
    const known = this.#columns.get(name)
    for (const [column, value] of entries) {
      if (known?.has(column) !== true) return refuse(`has the column "${column}", which this platform does not know`)
      // Lines of the trail get their numbers here: one of the archive's could take the place of others, or leave none for those to come.
      if (name === 'audit' && column === 'id') return refuse('brings its own number')
      if (column.endsWith('_json') && value !== null && !isJson(value)) return refuse(`has something in "${column}" that is no JSON`)
      if (column === 'plugin_id' && value !== null && !(typeof value === 'string' && PLUGIN_ID.test(value))) return refuse('names a plugin that none is called')
      if (value !== null && typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value))) return refuse(`has something in "${column}" that is no value`)
    }
    const found = Object.fromEntries(entries) as LineRow
    if (of !== 'account_id' && found[of] !== this.#tenantId) return refuse('belongs to another tenant')
    if (of === 'account_id' && !this.#accounts.has(String(found['account_id']))) return refuse('speaks of an account of another tenant')
    if (name === 'account_role' && !isRoleHere(found['role'])) return refuse('has a role that no tenant gives')
    if (name === 'role' && !isRoleHere(found['id'])) return refuse('makes a role that no tenant may')
    if (name === 'installation' && !STATES.has(found['state'])) return refuse('has a plugin that was being changed')
    if (name === 'account' && !isHarmlessHash(found['password_hash'])) return refuse('has a password hash that is none of ours')
    return found
  }
}

function isHarmlessHash(hash: unknown): boolean {
  if (hash === null) return true
  const [, memory, passes] = typeof hash === 'string' ? HASH.exec(hash) ?? [] : []
  return memory !== undefined && Number(memory) <= MOST_MEMORY_KIB && Number(passes) <= MOST_PASSES
}

/** The Pool's own role is given on the Pool alone. */
function isRoleHere(role: unknown): boolean {
  return typeof role === 'string' && ROLE_ID.test(role) && role !== POOL_ADMIN
}

function isJson(value: unknown): boolean {
  try {
    return typeof value === 'string' && JSON.parse(value) !== undefined
  } catch {
    return false
  }
}

function inBatches(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, index) => ids.slice(index * BATCH, (index + 1) * BATCH))
}
