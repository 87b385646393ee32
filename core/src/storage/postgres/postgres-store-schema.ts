import { createHash } from 'node:crypto'
import { STORE_SCHEMA } from '../sqlite/store-schema.ts'
import { inPostgres } from './schema-in-postgres.ts'
import { migrationKey, type StoreNames } from './store-role.ts'

/** Steps that make a table anew, which PostgreSQL would refuse where others refer to it. By their place, from 0. */
const OTHERWISE: ReadonlyMap<number, string> = new Map([
  [1, `
    alter table liberacces_outbox alter column seq drop identity;
    alter table liberacces_outbox drop constraint liberacces_outbox_id_key;
    alter table liberacces_outbox add column id_given bigint not null default 1;
    alter table liberacces_outbox alter column id_given set default 0;
    create unique index liberacces_outbox_given on liberacces_outbox (id) where id_given = 1;
    create table liberacces_purged (one bigint primary key check (one = 1), last_seq bigint not null);
  `],
])

/** The kernel's tables in each store, in the store's schema of the kernel: the same steps as with SQLite. */
export const POSTGRES_STORE_SCHEMA: readonly string[] = STORE_SCHEMA.map((step, index) => OTHERWISE.get(index) ?? inPostgres(step))

/** Changed with {@link storeFunctions}: stores whose functions are older have them made anew. */
export const FUNCTIONS_VERSION = 2

/**
 * What a plugin's transaction has the kernel do in the kernel's tables. They run with the kernel's rights, whoever calls them, do nothing else,
 * and look up no name where a plugin could have put one.
 */
export function storeFunctions(names: StoreNames, secret: Uint8Array): string {
  const { own, kernel, role } = names
  const key = createHash('sha256').update(migrationKey(secret, names)).digest('hex')
  const body = (text: string): string => `language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$ ${text} $body$`
  return `
    -- One transaction at a time on a store, also across nodes: what a body reads stays as it is until it commits, as with SQLite. Of all locks the
    -- one that hinders nobody but those who take it too.
    create or replace function ${kernel}.liberacces_enter() returns void
      ${body(`begin lock table ${kernel}.liberacces_migration in share update exclusive mode; end`)};

    create or replace function ${kernel}.liberacces_last_event() returns bigint
      ${body(`begin return greatest(coalesce((select max(seq) from ${kernel}.liberacces_outbox), 0), coalesce((select last_seq from ${kernel}.liberacces_purged), 0)); end`)};

    create or replace function ${kernel}.liberacces_knows_event(text, bigint) returns boolean
      ${body(`begin return exists (select 1 from ${kernel}.liberacces_outbox where id_given = 1 and id = $1) or exists (select 1 from ${kernel}.liberacces_outbox where seq = $2 and id = $1); end`)};

    create or replace function ${kernel}.liberacces_append_event(bigint, text, bigint, text, text, bigint, text, text, bigint, text, text, text, text, text, boolean) returns void
      ${body(`begin
        insert into ${kernel}.liberacces_outbox (seq, id, id_given, type, subject, "time", data_json, traceparent, due_at, release, tracestate, cause_event, cause_by)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);
        if $15 then perform liberacces_internal.wake_marked('${own.slice(2)}', $14); end if;
      end`)};
    drop function if exists ${kernel}.liberacces_append_event(bigint, text, bigint, text, text, bigint, text, text, bigint, text, text, text, text);

    create or replace function ${kernel}.liberacces_accept_event(text, text, bigint) returns boolean
      ${body(`begin
        insert into ${kernel}.liberacces_inbox (event_id, handler, accepted_at) values ($1, $2, $3) on conflict do nothing;
        return found;
      end`)};

    create or replace function ${kernel}.liberacces_note_migration(text, bigint) returns void
      ${body(`begin
        if $2 is null then delete from ${kernel}.liberacces_migration m where m.name = $1;
        else insert into ${kernel}.liberacces_migration (name, applied_at) values ($1, $2);
        end if;
      end`)};

    create or replace function ${kernel}.liberacces_migrations() returns table (name text, applied_at bigint)
      ${body(`begin return query select m.name, m.applied_at from ${kernel}.liberacces_migration m; end`)};

    -- Within the one transaction that changes tables, and for who knows the key, which no plugin does: at all other times the database refuses
    -- the role that.
    create or replace function ${kernel}.liberacces_change_tables(text, boolean) returns void
      ${body(`begin
        if encode(sha256(convert_to($1, 'UTF8')), 'hex') <> '${key}' then raise insufficient_privilege using message = 'tables are changed in migrations'; end if;
        if $2 then grant create on schema ${own} to ${role}; else revoke create on schema ${own} from ${role}; end if;
      end`)};
  `
}
