import { sql, type Kysely } from 'kysely'
import type { Outside } from '../outside.ts'
import type { AuditRow, PlatformTables } from '../storage/platform-tables.ts'
import { containsText } from '../storage/contains-text.ts'
import type { Storage } from '../storage/storage.ts'

/** Who did it. `operator` is a person at the command line of the server, or of the Pool with a grant for this tenant. */
export interface AuditActor {
  readonly kind: AuditRow['actor_kind']
  readonly id: string
  readonly name: string
  /** Id of the grant under which an operator acts on a tenant; kept as `grant` in the detail. */
  readonly grant?: string
}

/** What else is worth knowing. Never a password, a token or the content of a document. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>

/** Something that was done. */
export interface AuditEntry {
  readonly tenantId: string
  readonly actor: AuditActor
  /** Left out for the kernel's own actions. */
  readonly pluginId?: string
  /** Dotted verb, such as `account.disabled`. */
  readonly action: string
  /** Id of what was acted upon. */
  readonly target: string
  readonly detail?: AuditDetail
  readonly traceId?: string
}

/** One of many things that were done by the same person at the same time. */
export type AuditLine = Pick<AuditEntry, 'tenantId' | 'action' | 'target' | 'detail'>

/** A line of the audit trail as it is read. */
export interface AuditRecord extends AuditEntry {
  /** Grows with every line. */
  readonly id: number
  /** Milliseconds since the Unix epoch. */
  readonly at: number
}

/** Which lines to read. */
export interface AuditQuery {
  /** 1 to 500; what is outside is brought inside. */
  readonly limit: number
  /** Only lines with a smaller id: the last id of the page before. */
  readonly before?: number
  /** Exactly this action. */
  readonly action?: string
  /** Id of the actor. */
  readonly actor?: string
  /** Part of the actor's name, the action or the target. */
  readonly search?: string
  /** Not before this, in milliseconds since the Unix epoch. */
  readonly since?: number
  /** Before this, in milliseconds since the Unix epoch. */
  readonly until?: number
  /** Lines to leave out, newest first. @defaultValue 0 */
  readonly offset?: number
}

/** The audit trail. It only grows: there is no way to change or delete a line. */
export interface Audit {
  /** Writes a line. With a transaction of the kernel's tables, it is there if and only if that commits. */
  record(entry: AuditEntry, tx?: Kysely<PlatformTables>): Promise<void>
  /** Writes lines of one person's work, in their order, with one statement however many they are. */
  recordMany(by: AuditActor, lines: readonly AuditLine[], tx: Kysely<PlatformTables>): Promise<void>
  /** Lines of one tenant, newest first. */
  list(tenantId: string, query: AuditQuery): Promise<readonly AuditRecord[]>
}

/** The audit trail on the kernel's tables. */
export function createAudit({ storage, outside }: { readonly storage: Storage; readonly outside: Outside }): Audit {
  return {
    async record(entry, tx = storage.platform) {
      await tx.insertInto('audit').values({
        tenant_id: entry.tenantId,
        at: outside.now(),
        actor_kind: entry.actor.kind,
        actor_id: entry.actor.id,
        actor_name: entry.actor.name,
        plugin_id: entry.pluginId ?? null,
        action: entry.action,
        target: entry.target,
        detail_json: detailOf(entry),
        trace_id: entry.traceId ?? null,
      }).execute()
    },
    async recordMany(by, lines, tx) {
      const rows = JSON.stringify(lines.map(({ tenantId, action, target, detail }) => [tenantId, action, target, detail === undefined ? null : JSON.stringify(detail)]))
      await sql`insert into audit (tenant_id, at, actor_kind, actor_id, actor_name, action, target, detail_json)
        select value ->> 0, ${outside.now()}, ${by.kind}, ${by.id}, ${by.name}, value ->> 1, value ->> 2, value ->> 3 from json_each(${rows})`.execute(tx)
    },
    async list(tenantId, { limit, before, action, actor, search, since, until, offset = 0 }) {
      let query = storage.platform.selectFrom('audit').selectAll().where('tenant_id', '=', tenantId)
      if (before !== undefined) query = query.where('id', '<', before)
      if (action !== undefined) query = query.where('action', '=', action)
      if (actor !== undefined) query = query.where('actor_id', '=', actor)
      if (since !== undefined) query = query.where('at', '>=', since)
      if (until !== undefined) query = query.where('at', '<', until)
      if (search !== undefined && search !== '') query = query.where(containsText(['actor_name', 'action', 'target'], search))
      const rows = await query.orderBy('id', 'desc').offset(Math.max(0, Math.trunc(offset))).limit(Math.min(500, Math.max(1, Math.trunc(limit)))).execute()
      return rows.map((row) => ({
        id: row.id,
        at: row.at,
        tenantId: row.tenant_id,
        actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
        ...(row.plugin_id === null ? {} : { pluginId: row.plugin_id }),
        action: row.action,
        target: row.target,
        ...(row.detail_json === null ? {} : { detail: JSON.parse(row.detail_json) as AuditDetail }),
        ...(row.trace_id === null ? {} : { traceId: row.trace_id }),
      }))
    },
  }
}

function detailOf({ actor: { grant }, detail }: AuditEntry): string | null {
  if (grant === undefined) return detail === undefined ? null : JSON.stringify(detail)
  return JSON.stringify({ ...detail, grant })
}
