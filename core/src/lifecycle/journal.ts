import { sql, type Expression, type Kysely, type SqlBool } from 'kysely'
import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { OperationRow, PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'

/** A release as the journal and the lock name it. */
export interface ReleaseName {
  readonly version: string
  /** `sha256-<base64>` of its archive; absent for releases that came in none. */
  readonly digest?: string | undefined
}

/** What an operation keeps for whoever resumes it. */
export type OperationDetail = Readonly<Record<string, string | number | boolean | null>>

/** A change of an installation that is under way. It is in the journal as long as it is: what a start finds there was interrupted. */
export interface Operation {
  readonly tenantId: string
  readonly pluginId: string
  readonly kind: OperationRow['kind']
  /** How far it has come; each kind has its own words. */
  readonly phase: string
  readonly from?: ReleaseName | undefined
  readonly to?: ReleaseName | undefined
  readonly snapshotId?: string | undefined
  readonly detail?: OperationDetail | undefined
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
  readonly by: AuditActor
  /** The node that is at it; `undefined` where there is only one, or where nobody could bring it to an end. */
  readonly node?: string | undefined
}

/** What changes when an operation comes further. */
export type OperationStep = Pick<Operation, 'phase'> & Partial<Pick<Operation, 'snapshotId' | 'detail'>>

type Tx = Kysely<PlatformTables>

/** The operations under way, in the kernel's tables. One at a time for each plugin of each tenant. */
export interface Journal {
  /** Together with the first thing that it changes. @throws PlatformError `PLUGIN_BUSY` while another one of this plugin is under way */
  begin(operation: Operation, tx: Tx): Promise<void>
  /** Durable when it resolves. @throws PlatformError `PLUGIN_BUSY` when another node has taken it over */
  advance(operation: Operation, step: OperationStep, tx?: Tx): Promise<Operation>
  /** Together with the last thing that it changes. @throws PlatformError as {@link Journal.advance} */
  end(operation: Operation, tx: Tx): Promise<void>
  /** Before a step that no transaction with the journal guards. @throws PlatformError as {@link Journal.advance} */
  requireOwn(operation: Operation): Promise<void>
  /** Makes an operation that was interrupted this node's own. The caller holds the lock of its tenant, so that nobody else is at it. */
  claim(operation: Operation): Promise<Operation>
  find(tenantId: string, pluginId: string): Promise<Operation | undefined>
  /** All that are under way, the oldest first. */
  open(): Promise<readonly Operation[]>
  /** Whether this process began an operation itself, and has not ended it. */
  began(operation: Operation): boolean
  /** Leaves an operation that could be brought to no end: it is nobody's, and the next node that starts tries again. */
  abandon(operation: Operation): Promise<void>
}

/**
 * See {@link Journal}.
 * @param own - this node, where there are several
 */
export function createJournal(storage: Storage, own?: string): Journal {
  // What this node began is its own as long as nobody who held it for dead has taken it over.
  const isOwn = ({ node = own }: Operation): Expression<SqlBool> => (node === undefined ? sql<boolean>`node_id is null` : sql<boolean>`node_id = ${node}`)
  const begun = new Set<string>()
  return {
    async begin(operation, tx) {
      begun.add(nameOf(operation))
      const { numInsertedOrUpdatedRows = 0n } = await tx.insertInto('operation').values(rowOf({ ...operation, node: own })).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      if (numInsertedOrUpdatedRows > 0n) return
      throw new PlatformError('PLUGIN_BUSY', `Another change of plugin "${operation.pluginId}" is under way on this tenant.`, { fix: own === undefined ? 'Wait until it has ended. One that was interrupted is finished or undone at the next start.' : 'Wait until it has ended. One that was interrupted is soon finished or undone by another node.' })
    },
    async advance(operation, step, tx = storage.platform) {
      const next = { ...operation, ...step }
      const { phase, snapshot_id, detail_json } = rowOf(next)
      const { numUpdatedRows } = await tx.updateTable('operation').set({ phase, snapshot_id, detail_json })
        .where('tenant_id', '=', operation.tenantId).where('plugin_id', '=', operation.pluginId).where(isOwn(operation)).executeTakeFirst()
      if (own !== undefined && numUpdatedRows === 0n) throw takenOver(operation)
      return next
    },
    async end(operation, tx) {
      const { numDeletedRows } = await tx.deleteFrom('operation')
        .where('tenant_id', '=', operation.tenantId).where('plugin_id', '=', operation.pluginId).where(isOwn(operation)).executeTakeFirst()
      if (own !== undefined && numDeletedRows === 0n) throw takenOver(operation)
      if (own !== undefined) await tx.deleteFrom('operation_ack').where('tenant_id', '=', operation.tenantId).where('plugin_id', '=', operation.pluginId).execute()
      begun.delete(nameOf(operation))
    },
    async requireOwn(operation) {
      if (own === undefined) return
      const found = await storage.platform.selectFrom('operation').select('started_at').where('tenant_id', '=', operation.tenantId).where('plugin_id', '=', operation.pluginId).where(isOwn(operation)).executeTakeFirst()
      if (found === undefined) throw takenOver(operation)
    },
    async claim(operation) {
      if (own === undefined) return operation
      const { numUpdatedRows } = await storage.platform.updateTable('operation').set({ node_id: own }).where('tenant_id', '=', operation.tenantId).where('plugin_id', '=', operation.pluginId).where('started_at', '=', operation.startedAt).executeTakeFirst()
      if (numUpdatedRows === 0n) throw takenOver(operation)
      return { ...operation, node: own }
    },
    began: (operation) => begun.has(nameOf(operation)),
    async abandon(operation) {
      await storage.platform.updateTable('operation').set({ node_id: null }).where('tenant_id', '=', operation.tenantId).where('plugin_id', '=', operation.pluginId).where(isOwn(operation)).execute()
    },
    async find(tenantId, pluginId) {
      const row = await storage.platform.selectFrom('operation').selectAll().where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).executeTakeFirst()
      return row === undefined ? undefined : operationOf(row)
    },
    async open() {
      return (await storage.platform.selectFrom('operation').selectAll().orderBy('started_at').execute()).map(operationOf)
    },
  }
}

function nameOf({ tenantId, pluginId, kind, startedAt }: Operation): string {
  return `${tenantId}/${pluginId} ${kind} ${startedAt}`
}

/** What a node is told that was held for dead, and goes on with a change that is another's now. */
export function takenOver({ pluginId }: Pick<Operation, 'pluginId'>): PlatformError {
  return new PlatformError('PLUGIN_BUSY', `This node was held for dead, and another one has taken over the change of "${pluginId}".`, { fix: 'See `liberacces plugin list --tenant T` for how it ended. If it happens again, look at the network between this node and the database.' })
}

function rowOf({ tenantId, pluginId, kind, phase, from, to, snapshotId, detail, startedAt, by, node }: Operation): OperationRow {
  return {
    tenant_id: tenantId, plugin_id: pluginId, kind, phase, started_at: startedAt,
    from_version: from?.version ?? null, from_digest: from?.digest ?? null, to_version: to?.version ?? null, to_digest: to?.digest ?? null,
    snapshot_id: snapshotId ?? null, detail_json: detail === undefined ? null : JSON.stringify(detail),
    actor_kind: by.kind, actor_id: by.id, actor_name: by.name, node_id: node ?? null,
  }
}

function operationOf(row: OperationRow): Operation {
  const named = (version: string | null, digest: string | null): ReleaseName | undefined => (version === null ? undefined : { version, digest: digest ?? undefined })
  return {
    tenantId: row.tenant_id, pluginId: row.plugin_id, kind: row.kind, phase: row.phase, startedAt: row.started_at,
    from: named(row.from_version, row.from_digest), to: named(row.to_version, row.to_digest),
    snapshotId: row.snapshot_id ?? undefined,
    detail: row.detail_json === null ? undefined : JSON.parse(row.detail_json) as OperationDetail,
    by: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    node: row.node_id ?? undefined,
  }
}
