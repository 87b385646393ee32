import type { PlatformTables } from './platform-tables.ts'

/** The channel on which nodes tell each other what they have changed. */
export const NOTICE_CHANNEL = 'liberacces_changes'

/** Tenants named in one notice; PostgreSQL takes 8 000 bytes. */
const MOST_NAMED = 50
/** A statement that changes more tenants than this has changed all of them. */
const MOST_TENANTS = 500

type Event = 'insert' | 'update' | 'delete'

interface Telling {
  /** SQL that finds the tenants concerned in `changed`, rows as they were and as they are. Left out: no tenant is named. */
  readonly tenants?: string
  /** Of updates, only those of these columns are told; `key` tells which row is which. @defaultValue all */
  readonly columns?: { readonly key: readonly string[]; readonly counting: readonly string[] }
  /** @defaultValue all three */
  readonly on?: readonly Event[]
}

const OF_TENANT = 'select tenant_id from changed'

/** Tables of which somebody holds rows in memory, or waits for some. What is written all the time is not among them. */
export const TOLD = {
  tenant: { tenants: 'select id from changed' },
  host: { tenants: OF_TENANT },
  entitlement: { tenants: OF_TENANT },
  setting: { tenants: OF_TENANT },
  consent: { tenants: OF_TENANT },
  role_permission: { tenants: OF_TENANT },
  population_threshold: {},
  share: {},
  operator_grant: { tenants: OF_TENANT },
  governance: { tenants: OF_TENANT, columns: { key: ['tenant_id'], counting: ['official_email'] } },
  account: { tenants: OF_TENANT, columns: { key: ['id'], counting: ['status', 'email', 'email_proven_at'] } },
  account_role: { tenants: 'select account.tenant_id from changed join account on account.id = changed.account_id' },
  release: {},
  label_trust: {},
  release_label: {},
  label_decision: {},
  remote_application: {},
  plugin_halt: {},
  installation: { tenants: OF_TENANT, columns: { key: ['tenant_id', 'plugin_id'], counting: ['state', 'version', 'digest'] } },
  operation: { tenants: OF_TENANT, columns: { key: ['tenant_id', 'plugin_id'], counting: ['kind', 'started_at', 'node_id'] } },
  operation_ack: { tenants: OF_TENANT },
  node: { on: ['insert', 'delete'] },
  wave: { columns: { key: ['plugin_id'], counting: ['stop_asked'] }, on: ['update'] },
} as const satisfies Partial<Record<keyof PlatformTables, Telling>>

/** What PostgreSQL hands to a trigger of a whole statement. */
const TRANSITION = { insert: 'new table as new_rows', update: 'old table as old_rows new table as new_rows', delete: 'old table as old_rows' } as const satisfies Record<Event, string>

/**
 * SQL that has PostgreSQL tell of every change of these tables, with the transaction that makes it, whoever makes it and by whatever
 * statement. Running it again is harmless.
 * @param schema - that the tables are in
 */
export function noticeTriggers(schema: string): string {
  return Object.entries<Telling>(TOLD).flatMap(([table, telling]) => (telling.on ?? ['insert', 'update', 'delete']).map((event) => triggerOf(schema, table, event, telling))).join('\n')
}

function triggerOf(schema: string, table: string, event: Event, { tenants, columns }: Telling): string {
  const changed = {
    insert: 'select * from new_rows',
    delete: 'select * from old_rows',
    update: columns === undefined ? 'select * from new_rows union all select * from old_rows' : updatedRows(columns),
  }[event]
  const tell = (ids: string): string => `perform pg_notify('${NOTICE_CHANNEL}', '${table} ' || ${ids});`
  const body = tenants === undefined
    ? `if exists (with changed as (${changed}) select from changed) then ${tell(`'*'`)} end if;`
    : `with changed as (${changed}) select array_agg(distinct found.id) into ids from (${tenants}) found (id);
      if array_length(ids, 1) > ${MOST_TENANTS} then ${tell(`'*'`)}
      elsif ids is not null then
        for low in 1 .. array_length(ids, 1) by ${MOST_NAMED} loop ${tell(`array_to_string(ids[low : low + ${MOST_NAMED - 1}], ',')`)} end loop;
      end if;`
  return `create or replace function ${schema}.tell_${table}_${event}() returns trigger language plpgsql set search_path = ${schema}, pg_catalog as $tell$
    declare ids text[];
    begin
      ${body}
      return null;
    end $tell$;
    create or replace trigger tell_${event} after ${event} on ${schema}.${table} referencing ${TRANSITION[event]} for each statement execute function ${schema}.tell_${table}_${event}();`
}

function updatedRows({ key, counting }: NonNullable<Telling['columns']>): string {
  const of = (alias: string, columns: readonly string[]): string => `(${columns.map((column) => `${alias}.${column}`).join(', ')})`
  return `select n.* from new_rows n where not exists (select from old_rows o where ${of('o', key)} = ${of('n', key)} and ${of('o', counting)} is not distinct from ${of('n', counting)})`
}
