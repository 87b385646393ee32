import { createHash, randomBytes } from 'node:crypto'
import { PlatformError } from '../../errors.ts'
import { noticeTriggers } from '../change-notices.ts'
import type { Connection } from './connection.ts'
import { stateOf } from './database-error.ts'
import { POSTGRES_PLATFORM_SCHEMA } from './postgres-platform-schema.ts'
import { WAKE_STORE } from './wake-store.ts'

/** Oldest PostgreSQL that is supported: the first whose functions for roles are what is used here. */
const OLDEST = 15

/** What is known of a platform's database once it is open. */
export interface PlatformDatabase {
  /** Tells the platforms of one server apart. */
  readonly mark: string
  readonly version: string
  /** What should be otherwise, for who runs it. */
  readonly warnings: readonly string[]
}

// Beside the kernel's own tables, and named in full wherever they are used: tables about the database itself.
const INTERNAL = `
  create schema if not exists liberacces;
  create schema if not exists liberacces_internal;
  create table if not exists liberacces_internal.platform (
    one boolean primary key default true check (one),
    mark text not null,
    version bigint not null
  );
  create table if not exists liberacces_internal.gate (one boolean primary key);
  create table if not exists liberacces_internal.store (
    tenant_id text collate "C" not null,
    plugin_id text collate "C" not null,
    mark text not null unique,
    version bigint not null,
    functions bigint not null,
    ready boolean not null default false,
    primary key (tenant_id, plugin_id)
  );
`

// Where the words are the same and mean something else: LIKE takes capitals and small letters for the same, as in SQLite, where they are ASCII.
// Found before PostgreSQL's own, because search_path names this schema first. Everybody may use it, and nobody but the kernel change it.
const WORDS = `
  create schema if not exists liberacces_sql;
  create or replace function liberacces_sql.liberacces_like(text, text) returns boolean language sql immutable parallel safe return $1 operator(pg_catalog.~~*) $2;
  create or replace function liberacces_sql.liberacces_unlike(text, text) returns boolean language sql immutable parallel safe return $1 operator(pg_catalog.!~~*) $2;
  do $$ begin
    if to_regoperator('liberacces_sql.~~(text,text)') is null then create operator liberacces_sql.~~ (function = liberacces_sql.liberacces_like, leftarg = text, rightarg = text); end if;
    if to_regoperator('liberacces_sql.!~~(text,text)') is null then create operator liberacces_sql.!~~ (function = liberacces_sql.liberacces_unlike, leftarg = text, rightarg = text); end if;
  end $$;
  -- Elements of an array, as SQLite has them: text without quotes, numbers and arrays as JSON.
  create or replace function liberacces_sql.json_each(text) returns table (key bigint, value text) language sql immutable parallel safe
    begin atomic select ordinality - 1, element #>> '{}' from pg_catalog.json_array_elements($1::json) with ordinality as each (element, ordinality); end;
  create or replace function liberacces_sql.liberacces_element(text, integer) returns text language sql immutable parallel safe return $1::json operator(pg_catalog.->>) $2;
  do $$ begin
    if to_regoperator('liberacces_sql.->>(text,integer)') is null then create operator liberacces_sql.->> (function = liberacces_sql.liberacces_element, leftarg = text, rightarg = integer); end if;
  end $$;
  grant usage on schema liberacces_sql to public;
`

/** Functions and triggers, of whatever release ran last. */
const FUNCTIONS = [WORDS, WAKE_STORE, noticeTriggers('liberacces')]
const FUNCTIONS_MARK = createHash('sha256').update(FUNCTIONS.join('\n')).digest('hex')

/** In front of what changes a role or the database itself: PostgreSQL refuses who does so at the same moment as another. Until the script ends; waits for no work. */
const ONE_BY_ONE = 'select from liberacces_internal.platform for update'

/** Longest that a node waits for another one that brings the tables up to date, in milliseconds. */
const MIGRATION_WAIT_MS = 60_000

/**
 * Makes the kernel's schemas where they are missing and brings them up to date; several nodes may start at once.
 * @throws PlatformError `CONFIG_INVALID` when the database is not one that this platform can use
 */
export async function openPlatformDatabase(connection: Connection, where: string): Promise<PlatformDatabase> {
  const [about] = (await connection.run({
    sql: `select current_setting('server_version_num')::int as number, current_setting('server_version') as version, current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby,
      has_database_privilege(current_database(), 'CREATE') as creates, (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) as makes_roles,
      (select pg_has_role(datdba, 'USAGE') from pg_database where datname = current_database()) as owns`, values: [],
  })).rows as readonly { number: number; version: string; encoding: string; standby: number; creates: number; makes_roles: number; owns: number }[]
  if (about === undefined) throw new Error('PostgreSQL said nothing about itself.')
  if (about.number < OLDEST * 10_000) throw refused(where, `it is PostgreSQL ${about.version}`, `Use PostgreSQL ${OLDEST} or newer.`)
  if (about.encoding !== 'UTF8') throw refused(where, `its text is kept as ${about.encoding}`, 'Make the database with `encoding UTF8 template template0`.')
  if (about.standby === 1) throw refused(where, 'it can only be read: it follows another server', 'Name the primary server.')
  if (about.creates !== 1) throw refused(where, 'the user may not make schemas in it', 'Run `grant create on database … to …`, or better make the user its owner.')
  if (about.makes_roles !== 1) throw refused(where, 'the user may not make roles, and each plugin of each tenant has one', 'Run `alter role … createrole`.')

  await retrying(() => connection.script(INTERNAL))
  const mark = await markOfCurrent(connection) ?? await bringUpToDate(connection, where)
  await connection.script(`${ONE_BY_ONE}; do $$ begin execute format('alter role current_user in database %I set search_path = liberacces, liberacces_sql, pg_catalog', current_database()); end $$`)
  return { mark, version: about.version, warnings: await tighten(connection, about.owns === 1) }
}

interface PlatformRow {
  readonly mark: string
  readonly version: number
  readonly moved_to: string | null
  readonly functions: string | null
}

/** The platform's mark, where there is nothing to bring up to date: then nobody who works here has to wait. */
async function markOfCurrent(connection: Connection): Promise<string | undefined> {
  const { rows } = await connection.run({ sql: `select mark, version, to_jsonb(p) ->> 'moved_to' as moved_to, to_jsonb(p) ->> 'functions' as functions from liberacces_internal.platform p`, values: [] })
  const [platform] = rows as readonly PlatformRow[]
  return platform?.moved_to === null && platform.version === POSTGRES_PLATFORM_SCHEMA.length && platform.functions === FUNCTIONS_MARK ? platform.mark : undefined
}

/** One node at a time, and while no node changes the kernel's tables. @returns the platform's mark */
async function bringUpToDate(connection: Connection, where: string): Promise<string> {
  await connection.script(`begin; set local lock_timeout = ${MIGRATION_WAIT_MS}; set local search_path = liberacces, pg_catalog; lock table liberacces_internal.gate in exclusive mode`)
  try {
    await connection.run({ sql: 'insert into liberacces_internal.platform (mark, version) values ($1, 0) on conflict do nothing', values: [randomBytes(4).toString('hex')] })
    await connection.script('alter table liberacces_internal.platform add column if not exists moved_to text; alter table liberacces_internal.platform add column if not exists functions text')
    const [platform] = (await connection.run({ sql: 'select mark, version, moved_to, functions from liberacces_internal.platform', values: [] })).rows as readonly PlatformRow[]
    if (platform === undefined) throw new Error('The database forgot what was just written to it.')
    if (platform.moved_to !== null) throw refused(where, `its data was moved to ${platform.moved_to}`, 'Use that. To go on with the data of then instead, which knows nothing of what came since, run `update liberacces_internal.platform set moved_to = null`.')
    if (platform.version > POSTGRES_PLATFORM_SCHEMA.length) throw refused(where, 'a newer release of the platform has used it', 'Use that release, or a backup from before.')
    for (let next = platform.version; next < POSTGRES_PLATFORM_SCHEMA.length; next += 1) await connection.script(POSTGRES_PLATFORM_SCHEMA[next] ?? '')
    for (const script of FUNCTIONS) await connection.script(script)
    await connection.run({ sql: 'update liberacces_internal.platform set version = $1, functions = $2', values: [POSTGRES_PLATFORM_SCHEMA.length, FUNCTIONS_MARK] })
    await connection.script('commit')
    return platform.mark
  } catch (error) {
    await connection.script('rollback').catch(() => undefined) // the first error says more
    if (stateOf(error) === '55P03') throw refused(where, 'another node has been changing its tables for too long', 'See what it does, and start again.', error)
    throw error
  }
}

/** Takes from everybody what PostgreSQL gives to everybody and no plugin needs. */
async function tighten(connection: Connection, owns: boolean): Promise<readonly string[]> {
  if (!owns) return ['The user of LIBERACCES_DATABASE_URL does not own the database, so plugins may make temporary tables in it: run `revoke temporary on database … from public`.']
  await connection.script(`${ONE_BY_ONE}; do $$ begin
    execute format('revoke temporary on database %I from public', current_database());
    revoke all on schema public from public;
  exception when insufficient_privilege or invalid_schema_name then null; end $$`)
  return []
}

/** Two that make the same schema at the same moment: one of them is told that it is there. */
async function retrying(work: () => Promise<unknown>): Promise<void> {
  for (let left = 5; ; left -= 1) {
    try {
      await work()
      return
    } catch (error) {
      if (left === 0 || !['23505', '42P06', '42P07', '42710', 'XX000', '40P01'].includes(stateOf(error))) throw error
    }
  }
}

function refused(where: string, what: string, fix: string, cause?: unknown): PlatformError {
  return new PlatformError('CONFIG_INVALID', `LIBERACCES_DATABASE_URL: ${where} cannot be used: ${what}.`, { fix, cause })
}
