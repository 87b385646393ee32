// Longer than others: what goes wrong with a database server (away, lost, short of connections, deadlocked, used by several nodes at once), each beside the others.
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { Connection } from '../../src/storage/postgres/connection.ts'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'
import { firstConnection } from '../../src/storage/postgres/first-connection.ts'
import { createPostgresStorage } from '../../src/storage/postgres/postgres-storage.ts'
import { renewPassword } from '../../src/storage/postgres/store-places.ts'
import { namesOf } from '../../src/storage/postgres/store-role.ts'
import type { StoreKey } from '../../src/storage/storage.ts'
import { wayTo } from '../way-to.ts'
import { databaseOfTest, postgresStorage } from './postgres-database.ts'
import { FakeOutside, forever, KEY, NOTES, temporaryFolder } from './temporary-storage.ts'

const keyOf = (index: number): StoreKey => ({ tenantId: `t-${index}`, pluginId: KEY.pluginId })
const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code

async function kernelConnection(url: string): Promise<Connection> {
  const address = parseDatabaseUrl(url)
  const connection = await Connection.open(address, { user: address.user, password: address.password }, () => undefined)
  onTestFinished(() => connection.close())
  return connection
}

async function refusalOf(url: string): Promise<{ readonly code: unknown; readonly text: string }> {
  try {
    await createPostgresStorage({ address: parseDatabaseUrl(url), secret: randomBytes(32), outside: new FakeOutside(), folder: temporaryFolder() })
  } catch (error) {
    const { message, fix, stack } = error as { readonly message: string; readonly fix: string; readonly stack: string }
    return { code: codeOf(error), text: `${message} ${fix} ${stack} ${JSON.stringify(error)}` }
  }
  throw new Error('It was let in.')
}

test('[J13] a database that is away stops the start: which, and what to do, and no password', async () => {
  const { code, text } = await refusalOf('postgres://pool:hunter2@127.0.0.1:1/liberacces')
  expect([code, text.includes('liberacces at 127.0.0.1:1'), text.includes('See that PostgreSQL runs there'), text.includes('hunter2')]).toEqual(['DB_UNAVAILABLE', true, true, false])
})

test('[J13] a wrong password, a database that is not there, and one that cannot be used are told apart', async () => {
  const url = new URL(await databaseOfTest())
  const wrong = new URL(url)
  wrong.password = 'hunter2'
  expect(await refusalOf(wrong.href)).toMatchObject({ code: 'CONFIG_INVALID', text: expect.not.stringContaining('hunter2') as string })
  const missing = new URL(url)
  missing.pathname = '/nowhere'
  expect(await refusalOf(missing.href)).toMatchObject({ code: 'CONFIG_INVALID', text: expect.stringContaining('create database') as string })
  // As a user who may not make roles: the plugin's own.
  const secret = randomBytes(32)
  const storage = await postgresStorage({ url: url.href, secret })
  await storage.platform.insertInto('dirty').values({ tenant_id: 't', plugin_id: 'p', due_at: 0 }).execute()
  const kernel = await kernelConnection(url.href)
  await kernel.script(`update liberacces_internal.platform set version = 1000`)
  expect(await refusalOf(url.href)).toMatchObject({ code: 'CONFIG_INVALID', text: expect.stringContaining('a newer release') as string })
})

test('[J14] the database is lost in the middle and comes back: what was acknowledged is there, what was not is not, and all goes on', async () => {
  const way = await wayTo(await databaseOfTest())
  const storage = await postgresStorage({ url: way.url })
  await storage.migrate(KEY, NOTES)
  const store = storage.store(KEY)
  const acknowledged: string[] = []
  for (let round = 0; round < 3; round += 1) {
    await store.db.insertInto('note').values({ text: `${round} alone` }).execute()
    acknowledged.push(`${round} alone`)
    const lost = store.transaction(async (tx) => {
      await tx.db.insertInto('note').values({ text: `${round} lost` }).execute()
      await tx.appendEvent({ id: undefined, type: 'fr.example.a/v1', subject: undefined, time: 0, data: {}, notBefore: undefined, traceparent: undefined })
      way.cut()
      await tx.db.insertInto('note').values({ text: `${round} lost, too` }).execute()
    }, forever())
    await expect(lost).rejects.toMatchObject({ code: 'DB_UNAVAILABLE' })
    await expect(store.db.selectFrom('note').selectAll().execute()).rejects.toMatchObject({ code: 'DB_UNAVAILABLE' })
    await expect(storage.platform.selectFrom('tenant').selectAll().execute()).rejects.toMatchObject({ code: 'DB_UNAVAILABLE', retryAfterSeconds: 2 })
    await expect(storage.platformTransaction((tx) => tx.selectFrom('tenant').selectAll().execute())).rejects.toMatchObject({ code: 'DB_UNAVAILABLE' })
    way.mend()
    expect((await store.db.selectFrom('note').select('text').orderBy('id').execute()).map(({ text }) => text)).toEqual(acknowledged)
    expect(await storage.kernelStore(KEY).selectFrom('liberacces_outbox').selectAll().execute()).toEqual([])
    await store.transaction((tx) => tx.db.insertInto('note').values({ text: `${round} in order` }).execute(), forever())
    acknowledged.push(`${round} in order`)
  }
})

test('[J14] a connection that was lost while nobody used it costs no read', async () => {
  const url = await databaseOfTest()
  const storage = await postgresStorage({ url })
  await storage.migrate(KEY, NOTES)
  const { db } = storage.store(KEY)
  expect(await db.selectFrom('note').selectAll().execute()).toEqual([])
  const kernel = await kernelConnection(url)
  // As a restart of the server does; the kernel may end its own, and each plugin's role its own.
  await kernel.script('select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid() and datname = current_database()')
  expect(await storage.platform.selectFrom('tenant').selectAll().execute()).toEqual([])
  expect(await db.selectFrom('note').selectAll().execute()).toEqual([])
})

test('[J15] connections are bounded over all stores; who waits for too long is told so, and afterwards all goes on', async () => {
  const url = new URL(await databaseOfTest())
  url.searchParams.set('connections', '8')
  const storage = await postgresStorage({ url: url.href, waitMs: 300 })
  const keys = Array.from({ length: 12 }, (_, index) => keyOf(index))
  for (const key of keys) await storage.migrate(key, NOTES)
  const gate = Promise.withResolvers<void>()
  const outcomes = keys.map((key) => storage.store(key).transaction(async (tx) => {
    await tx.db.insertInto('note').values({ text: 'a' }).execute()
    await gate.promise
    return 'done'
  }, forever()).catch(codeOf))
  const busy = await Promise.race(outcomes)
  expect(busy).toBe('DB_BUSY')
  expect(storage.stats.storeDescriptors).toBeLessThanOrEqual(8)
  gate.resolve()
  const came = await Promise.all(outcomes)
  expect(new Set(came)).toEqual(new Set(['done', 'DB_BUSY']))
  for (const key of keys) await storage.store(key).db.insertInto('note').values({ text: 'after' }).execute()
})

test('[J15] more stores than connections are served in turn, and one busy store does not take them all', async () => {
  const url = new URL(await databaseOfTest())
  url.searchParams.set('connections', '8')
  const storage = await postgresStorage({ url: url.href })
  const keys = Array.from({ length: 10 }, (_, index) => keyOf(index))
  for (const key of keys) await storage.migrate(key, NOTES)
  await Promise.all(Array.from({ length: 200 }, async (_, index) => {
    const { db } = storage.store(keys[index % 3 === 0 ? index % keys.length : 0] ?? KEY)
    await (index % 5 === 0 ? db.insertInto('note').values({ text: String(index) }).execute() : db.selectFrom('note').selectAll().limit(1).execute())
  }))
  let rows = 0
  for (const key of keys) rows += (await storage.store(key).db.selectFrom('note').selectAll().execute()).length
  expect([rows, storage.stats.storeDescriptors <= 8]).toEqual([40, true])
})

test('[J15] who holds a connection and needs another gets it, though all are in use', async () => {
  const url = new URL(await databaseOfTest())
  url.searchParams.set('connections', '6')
  const storage = await postgresStorage({ url: url.href, waitMs: 2_000 })
  const [outer, inner] = [[keyOf(0), keyOf(1)], keyOf(9)] as const
  for (const key of [...outer, inner]) await storage.migrate(key, NOTES)
  const both = outer.map((key) => storage.store(key).transaction(async (tx) => {
    await tx.db.insertInto('note').values({ text: 'outer' }).execute()
    await storage.store(inner).transaction((other) => other.db.insertInto('note').values({ text: key.tenantId }).execute(), forever())
  }, forever()))
  await Promise.all(both)
  expect(await storage.store(inner).db.selectFrom('note').selectAll().execute()).toHaveLength(2)
})

test('[J16] a deadlock undoes one transaction as a whole, says so, and runs no body again', async () => {
  const url = await databaseOfTest()
  const storage = await postgresStorage({ url })
  await storage.platform.insertInto('dirty').values([{ tenant_id: 'a', plugin_id: 'p', due_at: 0 }, { tenant_id: 'b', plugin_id: 'p', due_at: 0 }]).execute()
  const other = await kernelConnection(url)
  let runs = 0
  await other.script(`begin; update dirty set due_at = 9 where tenant_id = 'b'`)
  const ours = storage.platformTransaction(async (tx) => {
    runs += 1
    await tx.updateTable('dirty').set({ due_at: 1 }).where('tenant_id', '=', 'a').execute()
    const second = tx.updateTable('dirty').set({ due_at: 1 }).where('tenant_id', '=', 'b').execute()
    await expect.poll(async () => (await storage.platform.selectFrom(sql<{ n: number }>`pg_locks`.as('l')).select(sql<number>`count(*)`.as('n')).where(sql<boolean>`not granted`).executeTakeFirstOrThrow()).n).toBeGreaterThan(0)
    // They wait for each other now; PostgreSQL finds out after a second, and ends who waited first.
    const theirs = other.script(`update dirty set due_at = 9 where tenant_id = 'a'`).catch(() => undefined)
    await second
    await theirs
  })
  await expect(ours).rejects.toMatchObject({ code: 'DB_CONFLICT', retryAfterSeconds: 1 })
  await other.script('rollback')
  expect([runs, (await storage.platform.selectFrom('dirty').select('due_at').execute()).map((row) => row.due_at)]).toEqual([1, [0, 0]])
  await expect(sql`do $$ begin raise exception 'as if' using errcode = '40001'; end $$`.execute(storage.platform)).rejects.toMatchObject({ code: 'DB_CONFLICT' })
})

test('[J17] transactions of several nodes on one store take turns, whatever they read; the first nodes of all start at once', async () => {
  const [url, secret] = [await databaseOfTest({ empty: true }), randomBytes(32)]
  const nodes = await Promise.all([0, 1, 2].map(() => postgresStorage({ url, secret })))
  await nodes[0]?.migrate(KEY, NOTES)
  await nodes[1]?.store(KEY).db.insertInto('note').values({ text: '0' }).execute()
  await Promise.all(nodes.flatMap((node) => Array.from({ length: 10 }, () => node.store(KEY).transaction(async (tx) => {
    const { text } = (await tx.db.selectFrom('note').select('text').executeTakeFirstOrThrow()) as { readonly text: string }
    await tx.db.updateTable('note').set({ text: String(Number(text) + 1) }).execute()
    await tx.appendEvent({ id: undefined, type: 'fr.example.a/v1', subject: undefined, time: 0, data: {}, notBefore: undefined, traceparent: undefined })
  }, forever()))))
  expect(await nodes[2]?.store(KEY).db.selectFrom('note').select('text').execute()).toEqual([{ text: '30' }])
  expect(await nodes[0]?.kernelStore(KEY).selectFrom('liberacces_outbox').select('seq').execute()).toHaveLength(30)
})

test('[J17] several nodes use a store for the first time at the same moment: it is made once, with its tables', async () => {
  const [url, secret] = [await databaseOfTest(), randomBytes(32)]
  const nodes = await Promise.all([0, 1, 2].map(() => postgresStorage({ url, secret })))
  for (const node of nodes) node.makeStoresLate(() => NOTES)
  await Promise.all(nodes.map((node, index) => node.store(KEY).db.insertInto('note').values({ text: String(index) }).execute()))
  expect((await nodes[0]?.store(KEY).db.selectFrom('note').select('text').orderBy('text').execute())?.map(({ text }) => text)).toEqual(['0', '1', '2'])
  expect(await nodes[1]?.storesOf(KEY.tenantId)).toEqual([KEY])
})

test('[J17] of two nodes that write a store into the list at the same moment, the one that is overtaken finds what the other has made', async () => {
  const [url, secret] = [await databaseOfTest(), randomBytes(32)]
  const nodes = await Promise.all([0, 1].map(() => postgresStorage({ url, secret })))
  for (const node of nodes) node.makeStoresLate(() => NOTES)
  const by = await kernelConnection(url)
  // An index that is written before the others holds up who comes first, between its look whether the row is there and its writing of the keys.
  await by.script(`
    create function liberacces_internal.stall(text) returns text language plpgsql immutable as $$ begin if pg_try_advisory_xact_lock(1) then perform pg_advisory_xact_lock(2); end if; return $1; end $$;
    create index stall on liberacces_internal.store (liberacces_internal.stall(plugin_id));
    alter table liberacces_internal.store drop constraint store_pkey, drop constraint store_mark_key, add primary key (tenant_id, plugin_id), add unique (mark);
    select pg_advisory_lock(2)`)
  const insert = (index: number) => nodes[index]?.store(KEY).db.insertInto('note').values({ text: String(index) }).execute()
  const overtaken = insert(0)
  await expect.poll(async () => (await by.run({ sql: `select count(*) as n from pg_locks where locktype = 'advisory' and not granted`, values: [] })).rows).toEqual([{ n: 1 }])
  await insert(1)
  await by.script('select pg_advisory_unlock(2)')
  await overtaken
  expect((await nodes[0]?.store(KEY).db.selectFrom('note').select('text').orderBy('text').execute())?.map(({ text }) => text)).toEqual(['0', '1'])
  expect(await nodes[1]?.storesOf(KEY.tenantId)).toEqual([KEY])
})

test('[J17] a store that would be called as another one is refused', async () => {
  const [url, secret] = [await databaseOfTest(), randomBytes(32)]
  const storage = await postgresStorage({ url, secret })
  await storage.migrate(KEY, NOTES)
  const by = await kernelConnection(url)
  await by.script(`update liberacces_internal.store set tenant_id = 'someone-else'`)
  const other = await postgresStorage({ url, secret })
  await expect(other.migrate(KEY, NOTES)).rejects.toMatchObject({ code: 'STORE_INVALID', message: expect.stringContaining('of tenant someone-else') as string })
})

test('[J16] a transaction that is stopped in the middle of a statement stops nothing that comes after it', async () => {
  const storage = await postgresStorage()
  await storage.migrate(KEY, NOTES)
  const store = storage.store(KEY)
  const count = (to: number) => sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${to}) select count(*) from n`
  const kept: string[] = []
  const reasons = new Set<string>()
  // Statements that are over at about the moment at which the server is asked to stop them, so that it could stop what it is sent next.
  for (let round = 0; round < 60; round += 1) {
    const leaving = new AbortController()
    const stopped = store.transaction(async (tx) => {
      await tx.db.insertInto('note').values({ text: `${round}` }).execute()
      const long = count(round * 300).execute(tx.db)
      setImmediate(() => { leaving.abort(new Error('gone')) })
      await long
    }, leaving.signal).then(() => { kept.push(`${round}`) })
    for (const outcome of await Promise.allSettled([stopped])) if (outcome.status === 'rejected') reasons.add((outcome.reason as Error).message)
    for (let after = 0; after < 3; after += 1) await store.transaction((tx) => count(3_000).execute(tx.db), forever())
  }
  expect((await store.db.selectFrom('note').select('text').orderBy('id').execute()).map(({ text }) => text)).toEqual(kept)
  expect([...reasons]).toEqual(['gone'])
})

test('[J60] a node starts while another one is writing to the kernel’s tables, and neither waits for the other', async () => {
  const [url, secret] = [await databaseOfTest(), randomBytes(32)]
  const first = await postgresStorage({ url, secret })
  const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const writing = first.platformTransaction(async (tx) => {
    await tx.insertInto('tenant').values({ id: 't', slug: 't', name: 't', kind: 'pool', parent_id: null, siren: null, insee: null, population: null, created_at: 0 }).execute()
    entered.resolve()
    await gate.promise
  })
  await entered.promise
  const second = await postgresStorage({ url, secret })
  expect(await second.platform.selectFrom('tenant').selectAll().execute()).toEqual([])
  gate.resolve()
  await writing
  expect(await second.platform.selectFrom('tenant').select('id').execute()).toEqual([{ id: 't' }])
})

test('[J17] many nodes that start at the same moment, again and again, all come up', async () => {
  const address = parseDatabaseUrl(await databaseOfTest())
  const marks = new Set<string>()
  for (let round = 0; round < 10; round += 1) for (const { mark } of await Promise.all(Array.from({ length: 8 }, () => firstConnection(address, { user: address.user, password: address.password })))) marks.add(mark)
  expect(marks.size).toBe(1)
})

test('[J17] tables that one node changes another finds as they are, whatever it had asked before', async () => {
  const [url, secret] = [await databaseOfTest(), randomBytes(32)]
  const [changing, asking] = [await postgresStorage({ url, secret }), await postgresStorage({ url, secret })]
  await changing.migrate(KEY, NOTES)
  const store = asking.store(KEY)
  await store.db.insertInto('note').values({ text: 'a' }).execute()
  const ways = {
    alone: () => store.db.selectFrom('note').selectAll().execute(),
    reading: () => store.reading.selectFrom('note').selectAll().execute(),
    writing: () => store.db.updateTable('note').set({ text: 'a' }).returningAll().execute(),
    inside: () => store.transaction((tx) => tx.db.selectFrom('note').selectAll().execute(), forever()),
  }
  const codes: unknown[] = []
  for (let number = 2; number < 6; number += 1) {
    // Asked often, so that the database keeps it ready on every connection.
    for (let time = 0; time < 4; time += 1) await Promise.all(Object.values(ways).map((ask) => ask()))
    const steps = Array.from({ length: number - 1 }, (_, index) => [`000${index + 2}-more`, { up: async (db: Parameters<NonNullable<(typeof NOTES)[string]>['up']>[0]) => { await db.schema.alterTable('note').addColumn(`more_${index}`, 'text').execute() }, down: async () => undefined }] as const)
    await changing.migrate(KEY, { ...NOTES, ...Object.fromEntries(steps) })
    if (number === 5) asking.tablesChanged(KEY)
    for (const [name, ask] of Object.entries(ways)) {
      // Its body is not run again; who asks next finds all well.
      if (name === 'inside' && number !== 5) codes.push(...(await Promise.allSettled([ask()])).flatMap((outcome) => (outcome.status === 'rejected' ? [codeOf(outcome.reason)] : [])))
      expect([name, Object.keys((await ask())[0] ?? {}).length]).toEqual([name, number + 1])
    }
  }
  expect(codes.filter((code) => code !== 'DB_CONFLICT')).toEqual([])
})

test('[J18] several nodes that come with another secret renew a store’s password at the same moment', async () => {
  const [url, secret] = [await databaseOfTest(), randomBytes(32)]
  await (await postgresStorage({ url, secret })).migrate(KEY, NOTES)
  const by = await Promise.all(Array.from({ length: 6 }, () => kernelConnection(url)))
  const told = await (await kernelConnection(url)).run({ sql: 'select s.mark as store, p.mark as platform from liberacces_internal.store s, liberacces_internal.platform p', values: [] })
  const [marks] = told.rows as readonly { readonly store: string; readonly platform: string }[]
  const names = namesOf(marks?.platform ?? '', marks?.store ?? '')
  for (let round = 0; round < 10; round += 1) await Promise.all(by.map((connection) => renewPassword(connection, names, secret)))
  expect(await (await postgresStorage({ url, secret })).store(KEY).db.selectFrom('note').selectAll().execute()).toEqual([])
})

test('[J18] with another secret of the server every store still opens, and its tables can still be changed', async () => {
  const url = await databaseOfTest()
  const first = await postgresStorage({ url, secret: randomBytes(32) })
  await first.migrate(KEY, NOTES)
  await first.store(KEY).db.insertInto('note').values({ text: 'kept' }).execute()
  await first.close()
  const second = await postgresStorage({ url, secret: randomBytes(32) })
  expect(await second.store(KEY).db.selectFrom('note').select('text').execute()).toEqual([{ text: 'kept' }])
  expect(await second.migrate(KEY, { ...NOTES, '0002-author': { up: async (db) => { await db.schema.alterTable('note').addColumn('author', 'text').execute() }, down: async () => undefined } })).toEqual({ applied: ['0002-author'] })
})
