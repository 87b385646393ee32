// Tried on the bare connection of a plugin's role, with nothing of the platform in front: what is refused here, the database refuses.
import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { Connection } from '../../src/storage/postgres/connection.ts'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'
import { stateOf } from '../../src/storage/postgres/database-error.ts'
import { judgePostgres } from '../../src/storage/postgres/postgres-guard.ts'
import { storeLogin, storeNames, type StoreNames } from '../../src/storage/postgres/store-role.ts'
import type { Storage, StoreKey } from '../../src/storage/storage.ts'
import { databaseOfTest, postgresStorage } from './postgres-database.ts'
import { forever, KEY, NOTES } from './temporary-storage.ts'

const NEIGHBOUR: StoreKey = { tenantId: 't-2', pluginId: KEY.pluginId }

interface Bare {
  readonly storage: Storage
  /** As the role of the first store. */
  readonly mine: Connection
  /** As the kernel. */
  readonly kernel: Connection
  readonly names: StoreNames
  readonly neighbour: StoreNames
  readonly kernelUser: string
  /** What comes of a script: its rows, or the code of the refusal. */
  readonly tries: (sql: string) => Promise<unknown>
}

async function bare(): Promise<Bare> {
  const [url, secret] = [await databaseOfTest(), randomBytes(32)]
  const storage = await postgresStorage({ url, secret })
  for (const key of [KEY, NEIGHBOUR]) {
    await storage.migrate(key, NOTES)
    await storage.store(key).transaction(async (tx) => {
      await tx.db.insertInto('note').values({ text: `secret of ${key.tenantId}` }).execute()
      await tx.appendEvent({ id: undefined, type: 'fr.example.a/v1', subject: undefined, time: 0, data: { secret: key.tenantId }, notBefore: undefined, traceparent: undefined })
    }, forever())
  }
  const address = parseDatabaseUrl(url)
  const open = async (login: { readonly user: string; readonly password: string | undefined }): Promise<Connection> => {
    const connection = await Connection.open(address, login, () => undefined)
    onTestFinished(() => connection.close())
    return connection
  }
  const kernel = await open({ user: address.user, password: address.password })
  const [{ mark } = { mark: '' }] = (await kernel.script('select mark from liberacces_internal.platform')).rows as readonly { readonly mark: string }[]
  const [names, neighbour] = [storeNames(secret, mark, KEY), storeNames(secret, mark, NEIGHBOUR)]
  const mine = await open(storeLogin(secret, names))
  return {
    storage, mine, kernel, names, neighbour, kernelUser: address.user,
    tries: async (sql) => await mine.script(sql).then(({ rows }) => rows, (error: unknown) => stateOf(error)),
  }
}

/** SQLSTATE: the role may not. */
const REFUSED = '42501'

test('[J2] a plugin’s role reads its own tables, and no row of a neighbour’s, of the kernel’s in any store, or of the platform’s, by whatever name', async () => {
  const { tries, names, neighbour } = await bare()
  expect(await tries('select text from note')).toEqual([{ text: 'secret of t-1' }])
  for (const table of [
    `${neighbour.own}.note`, `${neighbour.kernel}.liberacces_outbox`, `${names.kernel}.liberacces_outbox`, `${names.kernel}.liberacces_inbox`, `${names.kernel}.liberacces_migration`,
    'liberacces.tenant', 'liberacces.account', 'liberacces.session', 'liberacces_internal.store', 'liberacces_internal.platform', 'pg_catalog.pg_authid', 'pg_catalog.pg_statistic', 'pg_catalog.pg_user_mapping', 'pg_catalog.pg_largeobject',
  ]) {
    expect([table, await tries(`select * from ${table}`)]).toEqual([table, REFUSED])
    expect([table, await tries(`delete from ${table}`)]).toEqual([table, REFUSED])
  }
  for (const call of ['enter()', 'last_event()', 'migrations()', `accept_event('e', 'h', 0)`]) expect([call, await tries(`select ${neighbour.kernel}.liberacces_${call}`)]).toEqual([call, REFUSED])
  // What the planner learned of a neighbour's values, and what statements say that run there.
  expect(await tries(`select * from pg_stats where schemaname <> 'pg_catalog' and schemaname <> 'information_schema' and schemaname <> '${names.own}'`)).toEqual([])
  expect(await tries(`select query from pg_stat_activity where usename <> current_user and query not in ('', '<insufficient privilege>')`)).toEqual([])
  expect(await tries(`select table_name from information_schema.tables where table_schema not in ('${names.own}', 'pg_catalog', 'information_schema')`)).toEqual([])
})

test('[J3] names tell a plugin’s role nothing: schemas and roles are marks, and nothing in the catalogue says whose', async () => {
  const { tries } = await bare()
  const schemas = (await tries('select nspname from pg_namespace') as readonly { readonly nspname: string }[]).map(({ nspname }) => nspname)
  const roles = (await tries('select rolname from pg_roles') as readonly { readonly rolname: string }[]).map(({ rolname }) => rolname)
  for (const name of [...schemas, ...roles]) {
    expect(name).not.toContain('t-2')
    expect(name).not.toContain('example')
  }
  expect(await tries('select description from pg_description join pg_namespace n on objoid = n.oid where nspname ~ \'^[pk]_\'')).toEqual([])
})

test('[J4] a plugin’s role becomes nobody else: SET ROLE, RESET ROLE, SET SESSION AUTHORIZATION, set_config and search_path give nothing', async () => {
  const { tries, mine, names, neighbour, kernelUser } = await bare()
  for (const role of [kernelUser, neighbour.role, 'postgres', 'pg_read_all_data', 'pg_write_all_data', 'pg_execute_server_program', 'pg_read_server_files']) {
    expect([role, await tries(`set role "${role}"`)]).toEqual([role, REFUSED])
    expect([role, await tries(`set session authorization "${role}"`)]).toEqual([role, REFUSED])
    expect([role, await tries(`select set_config('role', '${role}', false)`)]).toEqual([role, REFUSED])
    expect([role, await tries(`select set_config('session_authorization', '${role}', false)`)]).toEqual([role, REFUSED])
    expect([role, await tries(`grant "${role}" to current_user`)]).toEqual([role, REFUSED])
  }
  for (const reset of ['reset role', 'reset session authorization', 'reset all', 'discard all']) await tries(reset)
  expect(await tries('select current_user as who, session_user as really')).toEqual([{ who: names.role, really: names.role }])
  await mine.script(`set search_path = ${neighbour.own}, ${neighbour.kernel}, liberacces, liberacces_internal, pg_catalog`)
  for (const table of ['note', 'liberacces_outbox', 'tenant', 'store']) expect([table, await tries(`select * from ${table}`)]).toEqual([table, '42P01'])
  expect(await tries('alter role current_user superuser')).toBe(REFUSED)
  expect(await tries('create role another login')).toBe(REFUSED)
  expect(await tries(`alter role "${neighbour.role}" password 'known'`)).toBe(REFUSED)
})

test('[J5] a plugin’s role makes nothing: schemas, tables, temporary ones, functions, views, types, extensions, publications', async () => {
  const { tries } = await bare()
  for (const [sql, code] of [
    ['create schema mine', REFUSED], ['create table more (id int)', REFUSED], ['create temporary table more (id int)', REFUSED], ['create view seen as select 1 as one', REFUSED],
    ['create function one() returns int language sql as \'select 1\'', REFUSED], ['create function one() returns int language plpgsql as \'begin return 1; end\'', REFUSED],
    ['create function pg_temp.one() returns int language sql as \'select 1\'', REFUSED], ['create operator ~~ (leftarg = text, rightarg = text, function = texteq)', REFUSED],
    ['create type more as (id int)', REFUSED], ['create domain more as int', REFUSED], ['create sequence more', REFUSED], ['create extension dblink', REFUSED], ['create extension postgres_fdw', REFUSED],
    ['create publication out for all tables', REFUSED], ['create table public.more (id int)', REFUSED], ['create table liberacces_sql.more (id int)', REFUSED],
    ['create or replace function liberacces_sql.liberacces_like(text, text) returns boolean language sql as \'select true\'', REFUSED],
    ['select * into more from note', REFUSED], ['create database more', REFUSED], ['create server s foreign data wrapper w', '42704'],
  ] as const) expect([sql, await tries(sql)]).toEqual([sql, code])
})

test('[J5] what lets tables be changed in a migration opens for nobody else, and is shut again when the migration is over', async () => {
  const { tries, names } = await bare()
  expect(await tries(`select ${names.kernel}.liberacces_change_tables('guessed', true)`)).toBe(REFUSED)
  expect(await tries('create table more (id int)')).toBe(REFUSED)
})

test('[J6] no way to the server’s files, programs or network', async () => {
  const { tries, mine } = await bare()
  for (const [sql, codes] of [
    ['copy note to \'/tmp/out\'', [REFUSED]], ['copy note from \'/etc/passwd\'', [REFUSED]], ['copy note to program \'cat\'', [REFUSED]], ['copy (select 1) to \'/tmp/out\'', [REFUSED]],
    ['select lo_import(\'/etc/passwd\')', [REFUSED]], ['select lo_export(1, \'/tmp/out\')', [REFUSED]], ['select pg_read_file(\'postgresql.conf\')', [REFUSED]], ['select pg_read_binary_file(\'/etc/passwd\')', [REFUSED]],
    ['select * from pg_ls_dir(\'.\')', [REFUSED]], ['select pg_stat_file(\'.\')', [REFUSED]], ['select * from pg_ls_logdir()', [REFUSED]], ['select * from pg_hba_file_rules', [REFUSED]], ['select * from pg_file_settings', [REFUSED]],
    ['select pg_reload_conf()', [REFUSED]], ['alter system set fsync = off', [REFUSED]], ['select pg_switch_wal()', [REFUSED]], ['select pg_create_physical_replication_slot(\'s\')', [REFUSED]], ['select * from dblink(\'dbname=postgres\', \'select 1\') as t(a int)', ['42883', REFUSED]],
    ['load \'plpython3\'', [REFUSED, '58P01']], ['create language plpython3u', [REFUSED, '0A000']], ['checkpoint', [REFUSED]], ['security label on table note is \'x\'', ['22023']],
  ] as const) {
    const came = await tries(sql)
    expect([sql, codes.includes(came as never) ? 'refused' : came]).toEqual([sql, 'refused'])
  }
  expect(mine.isBroken).toBe(false)
})

test('[J6] a block of code gives no more than its statements would', async () => {
  const { tries, neighbour } = await bare()
  expect(await tries(`do $$ begin execute 'select * from ${neighbour.own}.note'; end $$`)).toBe(REFUSED)
  expect(await tries(`do $$ begin execute 'set role "${neighbour.role}"'; end $$`)).toBe(REFUSED)
  expect(await tries(`select query_to_xml('select * from ${neighbour.own}.note', true, false, '')`)).toBe(REFUSED)
  expect(await tries(`select table_to_xml('${neighbour.own}.note', true, false, '')`)).toBe(REFUSED)
  expect(await tries(`select ts_rewrite('a'::tsquery, 'select text::tsquery, text::tsquery from ${neighbour.own}.note')`)).toBe(REFUSED)
  // What stands in a string the guard cannot judge, so it lets nothing run strings.
  for (const name of ['query_to_xml', 'ts_stat', 'ts_rewrite']) expect(judgePostgres(`select "${name}" ('a', 'select pg_notify(1, 2)')`, 'plugin').refusal).toBe(`it calls ${name}`)
})

test('[J7] a plugin’s role ends nobody’s connection, sets nobody’s limits, and gives its tables to nobody', async () => {
  const { tries, kernel, neighbour, names } = await bare()
  const [{ pid } = { pid: 0 }] = (await kernel.script('select pg_backend_pid() as pid')).rows as readonly { readonly pid: number }[]
  for (const [sql, code] of [
    [`select pg_terminate_backend(${pid})`, REFUSED], [`select pg_cancel_backend(${pid})`, REFUSED], ['alter database postgres set work_mem = \'1GB\'', REFUSED], ['set log_statement = \'none\'', REFUSED],
    ['set session_replication_role = replica', REFUSED], [`do $$ begin lock table ${names.kernel}.liberacces_outbox in access exclusive mode; end $$`, REFUSED], ['do $$ begin lock table liberacces_internal.gate in share mode; end $$', REFUSED],
    [`alter schema ${names.own} owner to "${neighbour.role}"`, REFUSED], [`drop schema ${names.own} cascade`, REFUSED], [`alter table note owner to "${neighbour.role}"`, REFUSED],
  ] as const) expect([sql, await tries(sql)]).toEqual([sql, code])
  // Answered with a warning, and with nothing granted.
  await tries(`grant usage on schema ${names.own} to "${neighbour.role}"`)
  // Its own table it may let others read; without its schema that is worth nothing.
  await tries(`grant select on note to "${neighbour.role}"`)
  const other = await kernel.script(`select has_schema_privilege('${neighbour.role}', '${names.own}', 'usage') as uses`)
  expect(other.rows).toEqual([{ uses: 0 }])
})

test('[J8] advisory locks, sleep and notices of a plugin’s role hold up neither a neighbour nor the kernel', async () => {
  const { mine, storage } = await bare()
  await mine.script('begin; select pg_advisory_xact_lock_shared(1); listen liberacces; notify liberacces, \'{"tables":["tenant"]}\'').catch(() => undefined)
  for (let key = 0; key < 50; key += 1) await mine.script(`select pg_try_advisory_lock(${key}), pg_try_advisory_lock(0, ${key})`).catch(() => undefined)
  // Neither the kernel's transactions nor a store's wait for an advisory lock: what they take no plugin may.
  await storage.store(NEIGHBOUR).transaction((tx) => tx.db.insertInto('note').values({ text: 'more' }).execute(), forever())
  await storage.platformTransaction((tx) => tx.insertInto('dirty').values({ tenant_id: 't-2', plugin_id: 'p', due_at: 0 }).execute())
  expect(await storage.store(NEIGHBOUR).db.selectFrom('note').selectAll().execute()).toHaveLength(2)
})

test('[J8] a statement of a plugin that runs on is stopped, and says so', async () => {
  const storage = await postgresStorage({ statementMs: 300 })
  await storage.migrate(KEY, NOTES)
  const { db } = storage.store(KEY)
  for (let count = 0; count < 40; count += 1) await db.insertInto('note').values(Array.from({ length: 100 }, () => ({ text: 'a' }))).execute()
  await expect(db.selectFrom(['note as a', 'note as b', 'note as c']).select(({ fn }) => fn.countAll<number>().as('all')).execute()).rejects.toMatchObject({ code: 'DB_TIMEOUT' })
  expect(await db.selectFrom('note').select('id').limit(1).execute()).toEqual([{ id: 1 }])
})
