// Longer than others: one contract, read together.
import { join } from 'node:path'
import type { Migrations } from '@liberacces/sdk'
import { sql, type Kysely } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Outside } from '../../src/outside.ts'
import type { OutboxEvent, Storage, StoreKey } from '../../src/storage/storage.ts'
import { FakeOutside, forever, KEY, NOTES, temporaryFolder } from './temporary-storage.ts'

/** Data of one test. */
export interface StorageUnderTest {
  readonly storage: Storage
  /** Opens the same data again, as the next process does. The first must be closed. */
  readonly reopen: () => Promise<Storage>
}

/** A driver of {@link Storage}, and what it need not prove. */
export interface StorageDriver {
  readonly name: string
  /** Closes by itself when the test is over. */
  readonly create: (outside: Outside) => Promise<StorageUnderTest>
  /** Promise to reason. */
  readonly waived?: Readonly<Record<string, string>>
}

const down = async (): Promise<void> => undefined
const event = (about: Partial<OutboxEvent> = {}): OutboxEvent => ({ id: undefined, type: 'fr.example.a/v1', subject: undefined, time: 0, data: {}, notBefore: undefined, traceparent: undefined, ...about })
const UNSTORABLE = new Map<string, unknown>([
  ['the boolean true', true], ['undefined', undefined], ['a Date', new Date(0)], ['an integer past 2^53', 2n ** 60n], ['not a number', Number.NaN], ['an object', { a: 1 }],
])
const ALL_TYPES: Migrations = {
  '0001-thing': {
    up: async (db) => {
      await db.schema.createTable('thing').addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('name', 'text', (column) => column.notNull().unique()).addColumn('price', 'real').addColumn('bytes', 'blob').addColumn('count', 'integer', (column) => column.notNull().defaultTo(0))
        .execute()
      await db.schema.createIndex('thing_price').on('thing').columns(['price', 'id']).execute()
    },
    down,
  },
}

/** The contract of storage, on every database. */
export function certifyStorage({ name, create, waived = {} }: StorageDriver): void {
  const promise = (title: string, body: (storage: Storage, under: StorageUnderTest, outside: FakeOutside) => Promise<void>, part?: string): void => {
    const reason = waived[part ?? ''] ?? waived[title.slice(1, title.indexOf(']'))]
    // oxlint-disable-next-line vitest/expect-expect -- they are in the bodies
    test.skipIf(reason !== undefined)(`${title} (${name}${reason === undefined ? '' : `; left out: ${reason}`})`, async () => {
      const outside = new FakeOutside()
      const under = await create(outside)
      await body(under.storage, under, outside)
    })
  }
  const noted = async (storage: Storage): Promise<Kysely<Record<string, Record<string, string | number | bigint | Uint8Array | null>>>> => {
    await storage.migrate(KEY, NOTES)
    return storage.store(KEY).db
  }

  promise('[D2] each plugin of each tenant has tables of its own', async (storage) => {
    const other = { tenantId: 't-2', pluginId: KEY.pluginId }
    await storage.migrate(other, NOTES)
    await (await noted(storage)).insertInto('note').values({ text: 'ours' }).execute()
    expect(await storage.store(other).db.selectFrom('note').selectAll().execute()).toEqual([])
    expect([await storage.storesOf('t-1'), await storage.storesOf('t-3')]).toEqual([[KEY], []])
  })

  promise('[D3] queries answer as Kysely says: counts, returned rows, raw statements, streams', async (storage) => {
    const db = await noted(storage)
    expect(await db.insertInto('note').values([{ text: 'a' }, { text: 'b' }]).executeTakeFirstOrThrow()).toMatchObject({ numInsertedOrUpdatedRows: 2n })
    expect(await db.insertInto('note').values({ id: 1, text: 'again' }).onConflict((conflict) => conflict.doNothing()).executeTakeFirstOrThrow()).toMatchObject({ numInsertedOrUpdatedRows: 0n })
    expect(await db.updateTable('note').set({ text: 'c' }).where('id', '=', 2).executeTakeFirstOrThrow()).toMatchObject({ numUpdatedRows: 1n })
    const { id = 0 } = (await db.insertInto('note').values({ text: 'd' }).returning(['id']).executeTakeFirstOrThrow()) as { readonly id?: number }
    expect(await db.deleteFrom('note').where('id', '=', id).executeTakeFirstOrThrow()).toMatchObject({ numDeletedRows: 1n })
    expect((await sql<{ text: string }>`with t as (select text from note where id = ${2}) select * from t`.execute(db)).rows).toEqual([{ text: 'c' }])
    const streamed: unknown[] = []
    for await (const row of db.selectFrom('note').selectAll().orderBy('id').stream()) streamed.push(row)
    expect(streamed).toEqual([{ id: 1, text: 'a' }, { id: 2, text: 'c' }])
    expect(await db.selectFrom('note').select('text').where('id', '=', 1).executeTakeFirst({ signal: forever() })).toEqual({ text: 'a' })
  })

  promise('[D3] an insert says the id that it gave', async (storage) => {
    const db = await noted(storage)
    expect(await db.insertInto('note').values([{ text: 'a' }, { text: 'b' }]).executeTakeFirstOrThrow()).toMatchObject({ insertId: 2n })
    expect(await db.insertInto('note').values({ id: 1, text: 'again' }).onConflict((conflict) => conflict.doNothing()).executeTakeFirstOrThrow()).toMatchObject({ insertId: undefined })
  }, 'D3 insertId')

  promise('[J9] text, whole numbers, fractions, bytes and null come back as they were stored; sums and counts are numbers, comparisons 0 or 1', async (storage) => {
    await storage.migrate(KEY, ALL_TYPES)
    const { db } = storage.store(KEY)
    const things = [
      { name: 'Été', price: 0.1, bytes: new Uint8Array([0, 255, 39]), count: Number.MAX_SAFE_INTEGER }, { name: '', price: null, bytes: null, count: -1 },
      { name: 'a\\%_\'"', price: -1e100, bytes: new Uint8Array(0), count: 0 }, { name: '😀 \u2028', price: 12, bytes: null, count: 3 },
    ]
    await db.insertInto('thing').values(things).execute()
    const rows = await db.selectFrom('thing').select(['name', 'price', 'bytes', 'count']).orderBy('id').execute()
    expect(rows.map((row) => ({ ...row, bytes: row['bytes'] === null ? null : new Uint8Array(row['bytes'] as Uint8Array) }))).toEqual(things)
    const sums = await sql`select count(*) as all_of, sum(count) as total, avg(price) as average, exists (select 1 from thing where count = 3) as is_there, max(name) as last from thing where count < 10`.execute(db)
    expect(sums.rows).toEqual([{ all_of: 3, total: 2, average: (12 - 1e100) / 2, is_there: 1, last: '😀 \u2028' }])
  })

  promise('[J9] text is put in the order of its bytes and told apart by them; LIKE and lower() take capitals and small letters for the same where they are ASCII', async (storage) => {
    await storage.migrate(KEY, ALL_TYPES)
    const { db } = storage.store(KEY)
    for (const text of ['b', 'B', 'a', 'É', 'e', 'Z', '_', '10 %', 'élan']) await db.insertInto('thing').values({ name: text }).execute()
    const names = async (query: { execute(): Promise<readonly object[]> }) => (await query.execute()).map((row) => (row as { readonly name: string }).name)
    const select = db.selectFrom('thing').select('name').orderBy('name')
    expect(await names(select)).toEqual(['10 %', 'B', 'Z', '_', 'a', 'b', 'e', 'É', 'élan'])
    expect(await names(select.where('name', 'like', 'B%'))).toEqual(['B', 'b'])
    expect(await names(select.where('name', 'not like', '%'))).toEqual([])
    expect(await names(select.where('name', 'like', 'É%'))).toEqual(['É'])
    expect((await sql<{ name: string }>`select name from thing where name like ${'%\\%'} escape '\\'`.execute(db)).rows).toEqual([{ name: '10 %' }])
    expect((await sql<{ name: string }>`select name from thing where name like ${'\\_'} escape '\\'`.execute(db)).rows).toEqual([{ name: '_' }])
    expect((await sql<{ low: string }>`select lower(name) as low from thing where name in ('B', 'É') order by name`.execute(db)).rows).toEqual([{ low: 'b' }, { low: 'É' }])
  })

  promise('[J9] what Kysely can say for both databases does the same on both: on conflict, or ignore, is, pages', async (storage) => {
    await storage.migrate(KEY, ALL_TYPES)
    const { db } = storage.store(KEY)
    await db.insertInto('thing').values({ name: 'a', price: null }).execute()
    await db.insertInto('thing').orIgnore().values({ name: 'a', price: 1 }).execute()
    await db.insertInto('thing').values({ name: 'a', price: 2 }).onConflict((conflict) => conflict.column('name').doUpdateSet({ price: (eb) => eb.ref('excluded.price') })).execute()
    await db.insertInto('thing').values({ name: 'b', price: null }).execute()
    expect(await db.selectFrom('thing').select('name').where('price', 'is', 2).execute()).toEqual([{ name: 'a' }])
    expect(await db.selectFrom('thing').select('name').where('price', 'is not', 2).execute()).toEqual([{ name: 'b' }])
    expect(await db.selectFrom('thing').select('name').where('price', 'is', null).orderBy('name', 'desc').limit(1).offset(0).execute()).toEqual([{ name: 'b' }])
    expect(await db.updateTable('thing').set((eb) => ({ count: eb('count', '+', 5) })).where('name', '=', 'a').returning('count').execute()).toEqual([{ count: 5 }])
    await expect(db.insertInto('thing').values({ name: 'a' }).execute()).rejects.toThrow(/unique/i)
    await expect(db.insertInto('thing').values({ name: null }).execute()).rejects.toThrow(/null/i)
  })

  for (const [what, value] of UNSTORABLE) {
    promise(`[D4] refused by name, and not stored as something else: ${what}`, async (storage) => {
      const db = await noted(storage)
      await expect(sql`insert into note (text) values (${sql.val(value)})`.execute(db)).rejects.toMatchObject({ code: 'DB_VALUE_INVALID', message: expect.stringContaining(what) as string })
      expect(await db.selectFrom('note').selectAll().execute()).toEqual([])
    })
  }

  promise('[D5] a transaction is stored as a whole or not at all', async (storage) => {
    const db = await noted(storage)
    const store = storage.store(KEY)
    await expect(store.transaction(async (tx) => {
      await tx.db.insertInto('note').values({ text: 'lost' }).execute()
      await tx.appendEvent(event())
      throw new Error('no')
    }, forever())).rejects.toThrow('no')
    expect(await db.selectFrom('note').selectAll().execute()).toEqual([])
    expect(await storage.kernelStore(KEY).selectFrom('liberacces_outbox').selectAll().execute()).toEqual([])
    expect(await store.transaction(async (tx) => { await tx.db.insertInto('note').values({ text: 'kept' }).execute(); return 'done' }, forever())).toBe('done')
    expect(await db.selectFrom('note').select('text').execute()).toEqual([{ text: 'kept' }])
  })

  promise('[D5] [J1] a statement that fails inside a transaction leaves it as it was before it, and the body may go on', async (storage) => {
    const db = await noted(storage)
    await storage.store(KEY).transaction(async (tx) => {
      await tx.db.insertInto('note').values({ text: 'a' }).execute()
      for (let times = 0; times < 3; times += 1) await expect(tx.db.insertInto('note').values({ id: 1, text: 'again' }).execute()).rejects.toThrow(/unique/i)
      await tx.db.updateTable('note').set({ text: 'b' }).where('id', '=', 1).execute()
    }, forever())
    expect(await db.selectFrom('note').selectAll().execute()).toEqual([{ id: 1, text: 'b' }])
  })

  promise('[D6] one transaction at a time on a store: what a body has read stays true until it ends', async (storage) => {
    const db = await noted(storage)
    await db.insertInto('note').values({ text: '0' }).execute()
    const store = storage.store(KEY)
    await Promise.all(Array.from({ length: 12 }, () => store.transaction(async (tx) => {
      const { text } = (await tx.db.selectFrom('note').select('text').executeTakeFirstOrThrow()) as { readonly text: string }
      await tx.db.updateTable('note').set({ text: String(Number(text) + 1) }).execute()
    }, forever())))
    expect(await db.selectFrom('note').select('text').execute()).toEqual([{ text: '12' }])
  })

  promise('[D6] statements beside a transaction wait for it and see it whole', async (storage) => {
    const db = await noted(storage)
    const gate = Promise.withResolvers<void>()
    const first = storage.store(KEY).transaction(async (tx) => {
      await tx.db.insertInto('note').values({ text: 'first' }).execute()
      await gate.promise
      await tx.db.insertInto('note').values({ text: 'first again' }).execute()
    }, forever())
    const read = db.selectFrom('note').select('text').execute()
    gate.resolve()
    expect([await first, await read]).toEqual([undefined, [{ text: 'first' }, { text: 'first again' }]])
  }, 'D6 reads wait')

  promise('[D7] a transaction whose body hangs is rolled back at once when its time is up, and its later statements are refused', async (storage) => {
    const db = await noted(storage)
    const store = storage.store(KEY)
    const caller = new AbortController()
    const [wakeUp, started, late] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<unknown>()]
    const hung = store.transaction(async (tx) => {
      await tx.db.insertInto('note').values({ text: 'lost' }).execute()
      started.resolve()
      await wakeUp.promise
      late.resolve(await tx.db.insertInto('note').values({ text: 'too late' }).execute().catch((error: unknown) => error))
    }, caller.signal)
    await started.promise
    const next = store.transaction(async (tx) => await tx.db.selectFrom('note').selectAll().execute(), forever())
    caller.abort(new Error('time is up'))
    await expect(hung).rejects.toThrow('time is up')
    expect(await next).toEqual([])
    wakeUp.resolve()
    expect(await late.promise).toMatchObject({ code: 'DB_TRANSACTION_OVER', message: expect.stringContaining('time was up') as string })
    expect(await db.selectFrom('note').selectAll().execute()).toEqual([])
  })

  promise('[D7] a transaction whose time is up is undone and said to be, also when its body ends well in that very moment', async (storage) => {
    const db = await noted(storage)
    const timeUp = new AbortController()
    const over = new Promise((resolve) => { timeUp.signal.addEventListener('abort', resolve) })
    const work = storage.store(KEY).transaction(async (tx) => {
      await tx.db.insertInto('note').values({ text: 'undone' }).execute()
      setImmediate(() => { timeUp.abort(new Error('time is up')) })
      await over
    }, timeUp.signal)
    await expect(work).rejects.toThrow('time is up')
    await expect(storage.store(KEY).transaction(() => Promise.reject(new Error('never called')), timeUp.signal)).rejects.toThrow('time is up')
    expect(await db.selectFrom('note').selectAll().execute()).toEqual([])
  })

  promise('[D7] who gives up while waiting for a transaction leaves the line', async (storage) => {
    await noted(storage)
    const store = storage.store(KEY)
    const gate = Promise.withResolvers<void>()
    const first = store.transaction(async () => { await gate.promise }, forever())
    const caller = new AbortController()
    let ran = false
    const second = store.transaction(async () => { ran = true }, caller.signal)
    caller.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    gate.resolve()
    await first
    expect([ran, await store.transaction(async () => 'next', forever())]).toEqual([false, 'next'])
  })

  promise('[D8] inside a transaction, the database beside it is refused, and does not wait for itself', async (storage) => {
    const db = await noted(storage)
    const store = storage.store(KEY)
    expect(await store.transaction(async () => [
      await db.selectFrom('note').selectAll().execute().catch((error: { code: string }) => error.code),
      await store.transaction(async () => 'nested', forever()).catch((error: { code: string }) => error.code),
    ], forever())).toEqual(['DB_OUTSIDE_TRANSACTION', 'DB_OUTSIDE_TRANSACTION'])
  })

  promise('[D10] plugins send only statements on their own tables, one at a time; who may only look changes nothing', async (storage) => {
    const db = await noted(storage)
    for (const text of ['create table more (id integer)', 'drop table note', 'select * from liberacces_outbox', 'select 1; select 2', 'begin', 'vacuum', 'select "x', 'select * from "liberacces_inbox"', 'grant select on note to public']) {
      await expect(sql.raw(text).execute(db)).rejects.toMatchObject({ code: 'DB_STATEMENT_REFUSED' })
    }
    const { reading } = storage.store(KEY)
    await expect(reading.insertInto('note').values({ text: 'x' }).execute()).rejects.toMatchObject({ code: 'READ_ONLY' })
    await expect(reading.deleteFrom('note').execute()).rejects.toMatchObject({ code: 'READ_ONLY' })
    expect(await reading.selectFrom('note').selectAll().execute()).toEqual([])
    expect(storage.stats.statementsRefused).toBe(9)
  })

  promise('[D12] migrations run once each, in the order of their names', async (storage) => {
    const ran: string[] = []
    const step = (step_: string): Migrations => ({ [step_]: { up: async () => { ran.push(step_) }, down } })
    expect(await storage.migrate(KEY, { ...step('0002-b'), ...step('0001-a') })).toEqual({ applied: ['0001-a', '0002-b'] })
    expect(await storage.migrate(KEY, { ...step('0003-c'), ...step('0001-a'), ...step('0002-b') })).toEqual({ applied: ['0003-c'] })
    expect(ran).toEqual(['0001-a', '0002-b', '0003-c'])
  })

  promise('[D12] a migration that throws halfway leaves tables, rows and bookkeeping as before, of the whole call', async (storage) => {
    const db = await noted(storage)
    await db.insertInto('note').values({ text: 'a' }).execute()
    await expect(storage.migrate(KEY, {
      ...NOTES,
      '0002-good': { up: async (tx) => { await tx.schema.alterTable('note').addColumn('author', 'text').execute() }, down },
      '0003-bad': {
        up: async (tx) => {
          await tx.deleteFrom('note').execute()
          await tx.schema.createTable('half').addColumn('id', 'text').execute()
          throw new Error('power')
        },
        down,
      },
    })).rejects.toMatchObject({ code: 'MIGRATION_FAILED', message: expect.stringContaining('"0003-bad"') as string, cause: expect.objectContaining({ message: 'power' }) as Error })
    expect(await db.selectFrom('note').selectAll().execute()).toEqual([{ id: 1, text: 'a' }])
    await expect(db.selectFrom('half').selectAll().execute()).rejects.toThrow(/half/)
    expect((await storage.platform.selectFrom('migration').select('name').execute()).map((row) => row.name)).toEqual(['0001-note'])
  })

  promise('[R155] a migration that never ends is given up after ten minutes: tables are as before, and what it asks for then is refused', async (storage) => {
    await storage.migrate(KEY, NOTES)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => { vi.useRealTimers() })
    const [reached, over] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    const late = Promise.withResolvers<unknown>()
    const given = storage.migrate(KEY, { '0002-never': { up: async (tx) => {
      await tx.schema.alterTable('note').addColumn('author', 'text').execute()
      reached.resolve(undefined)
      await over.promise
      await tx.schema.alterTable('note').addColumn('later', 'text').execute().then(late.resolve, late.resolve)
    }, down } }).catch((error: unknown) => error)
    await reached.promise
    vi.advanceTimersByTime(606_000)
    vi.useRealTimers()
    expect(await given).toMatchObject({ code: 'MIGRATION_FAILED', message: expect.stringContaining('600 s') as string })
    over.resolve(undefined)
    expect(await late.promise).toBeInstanceOf(Error)
    expect(await storage.migrate(KEY, { '0002-author': { up: async (tx) => { await tx.schema.alterTable('note').addColumn('author', 'text').execute() }, down } })).toEqual({ applied: ['0002-author'] })
  })

  promise('[D12] a query prepared before a migration sees the new columns after it', async (storage) => {
    const db = await noted(storage)
    const read = () => db.selectFrom('note').selectAll().execute()
    await db.insertInto('note').values({ text: 'a' }).execute()
    for (let times = 0; times < 3; times += 1) expect(await read()).toEqual([{ id: 1, text: 'a' }])
    await storage.migrate(KEY, { '0002': { up: async (tx) => { await tx.schema.alterTable('note').addColumn('author', 'text').execute() }, down } })
    expect(await read()).toEqual([{ id: 1, text: 'a', author: null }])
  })

  promise('[D12] migrations are taken back, the last first, and may then be had again', async (storage) => {
    const author: Migrations = { ...NOTES, '0002-author': { up: async (tx) => { await tx.schema.alterTable('note').addColumn('author', 'text').execute() }, down: async (tx) => { await tx.schema.alterTable('note').dropColumn('author').execute() } } }
    await storage.migrate(KEY, author)
    expect(await storage.revert(KEY, author, ['0002-author', '0003-unknown'])).toEqual({ reverted: ['0002-author'] })
    await storage.store(KEY).db.insertInto('note').values({ text: 'a' }).execute()
    expect(await storage.store(KEY).db.selectFrom('note').selectAll().execute()).toEqual([{ id: 1, text: 'a' }])
    expect(await storage.migrate(KEY, author)).toEqual({ applied: ['0002-author'] })
    expect(await storage.revert({ tenantId: 't-9', pluginId: KEY.pluginId }, author, ['0001-note'])).toEqual({ reverted: [] })
  })

  promise('[D12] rows left without their parent fail the migration', async (storage) => {
    await storage.migrate(KEY, {
      '0001': {
        up: async (db) => {
          await db.schema.createTable('parent').addColumn('id', 'integer', (column) => column.primaryKey()).execute()
          await db.schema.createTable('child').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('parent_id', 'integer', (column) => column.references('parent.id').onDelete('restrict')).execute()
          await db.insertInto('parent').values({ id: 1 }).execute()
          await db.insertInto('child').values({ id: 1, parent_id: 1 }).execute()
        },
        down,
      },
    })
    await expect(storage.migrate(KEY, { '0002': { up: async (tx) => { await tx.deleteFrom('parent').execute() }, down } })).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
    await expect(storage.store(KEY).db.insertInto('child').values({ id: 2, parent_id: 99 }).execute()).rejects.toThrow(/foreign key/i)
  })

  promise('[D13] a crash after the migration and before the kernel\'s note of it costs nothing: the store itself knows', async (storage) => {
    await noted(storage)
    await storage.platform.deleteFrom('migration').execute()
    expect(await storage.migrate(KEY, NOTES)).toEqual({ applied: [] })
    expect(await storage.platform.selectFrom('migration').select('name').execute()).toEqual([{ name: '0001-note' }])
  })

  promise('[D10] in a migration the guard stands: own tables only', async (storage) => {
    const attempt = (up: Migrations[string]['up']) => storage.migrate(KEY, { '0001': { up, down } })
    for (const text of ['drop table liberacces_outbox', 'create trigger t after insert on note begin select 1; end', 'pragma user_version = 3', 'set role postgres', 'create function f() returns int language sql as \'select 1\'']) {
      if (text.startsWith('create trigger') && storage.dialect === 'sqlite') continue
      await expect(attempt(async (db) => { await sql.raw(text).execute(db) })).rejects.toMatchObject({ code: 'MIGRATION_FAILED', cause: expect.objectContaining({ code: 'DB_STATEMENT_REFUSED' }) as Error })
    }
    expect(await storage.kernelStore(KEY).selectFrom('liberacces_outbox').selectAll().execute()).toEqual([])
  })

  promise('[D15] a dropped store leaves nothing behind, and other stores are untouched', async (storage) => {
    const other: StoreKey = { tenantId: KEY.tenantId, pluginId: 'fr.example.other' }
    for (const key of [KEY, other]) await storage.migrate(key, NOTES)
    await storage.store(KEY).db.insertInto('note').values({ text: 'goes' }).execute()
    await storage.store(other).db.insertInto('note').values({ text: 'stays' }).execute()
    expect([...(await storage.sizesOf(KEY.tenantId)).keys()]).toEqual([KEY.pluginId, other.pluginId])
    await storage.drop(KEY)
    await storage.drop(KEY)
    expect(await storage.storesOf(KEY.tenantId)).toEqual([other])
    expect([await storage.sizeOf(KEY), (await storage.sizesOf(KEY.tenantId)).has(KEY.pluginId)]).toEqual([0, false])
    expect(await storage.platform.selectFrom('migration').select('plugin_id').execute()).toEqual([{ plugin_id: other.pluginId }])
    expect(await storage.store(other).db.selectFrom('note').select('text').execute()).toEqual([{ text: 'stays' }])
    await storage.migrate(KEY, NOTES)
    expect(await storage.store(KEY).db.selectFrom('note').selectAll().execute()).toEqual([])
  })

  promise('[D16] the kernel\'s tables are found again; a reference to a missing tenant is refused, a transaction undone', async (storage, { reopen }) => {
    const tenant = { id: 't', slug: 's', name: 'n', kind: 'pool' as const, parent_id: null, siren: null, insee: null, population: null, created_at: 1 }
    await storage.platform.insertInto('tenant').values(tenant).execute()
    await storage.close()
    const second = await reopen()
    expect(await second.platform.selectFrom('tenant').selectAll().execute()).toEqual([tenant])
    await expect(second.platform.insertInto('host').values({ host: 'x', tenant_id: 'nobody' }).execute()).rejects.toThrow(/foreign key/i)
    await expect(second.platformTransaction(async (tx) => {
      await tx.insertInto('host').values({ host: 'y', tenant_id: 't' }).execute()
      throw new Error('no')
    })).rejects.toThrow('no')
    expect(await second.platform.selectFrom('host').selectAll().execute()).toEqual([])
  })

  promise('[D16] after closing, the storage refuses', async (storage) => {
    const db = await noted(storage)
    await storage.close()
    await expect(db.selectFrom('note').selectAll().execute()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  promise('[J10] events are numbered in the order of writing; an id that is known is refused; a handler accepts an event once', async (storage, _under, outside) => {
    await noted(storage)
    const store = storage.store(KEY)
    const ids: string[] = []
    for (let round = 0; round < 3; round += 1) {
      await store.transaction(async (tx) => { for (const subject of ['a', 'b']) ids.push(await tx.appendEvent(event({ subject, data: { round } }))) }, forever())
      outside.time -= 1_000
    }
    const rows = await storage.kernelStore(KEY).selectFrom('liberacces_outbox').select(['id', 'seq', 'data_json', 'state']).orderBy('seq').execute()
    expect(rows.map(({ id }) => id)).toEqual(ids)
    expect(rows.map(({ data_json: json, state }) => [json, state])).toEqual([0, 0, 1, 1, 2, 2].map((round) => [`{"round":${round}}`, 'new']))
    await store.transaction((tx) => tx.appendEvent(event({ id: 'given' })), forever())
    for (const id of ['given', ids[0]]) await expect(store.transaction((tx) => tx.appendEvent(event({ id })), forever())).rejects.toMatchObject({ code: 'EVENT_EXISTS' })
    const accept = (handler: string) => store.transaction((tx) => tx.acceptEvent('e-1', handler), forever())
    expect([await accept('h'), await accept('h'), await accept('other')]).toEqual([true, false, true])
  })

  promise('[J10] the kernel\'s transaction in a store is whole or not at all, and takes its turn with the plugin\'s', async (storage) => {
    await noted(storage)
    await expect(storage.kernelTransaction(KEY, async (tx) => {
      await tx.insertInto('liberacces_inbox').values({ event_id: 'e', handler: 'h', accepted_at: 1 }).execute()
      throw new Error('no')
    })).rejects.toThrow('no')
    await Promise.all([
      storage.kernelTransaction(KEY, (tx) => tx.insertInto('liberacces_inbox').values({ event_id: 'e', handler: 'h', accepted_at: 1 }).execute()),
      storage.store(KEY).transaction((tx) => tx.db.insertInto('note').values({ text: 'a' }).execute(), forever()),
    ])
    expect(await storage.kernelStore(KEY).selectFrom('liberacces_inbox').selectAll().execute()).toEqual([{ event_id: 'e', handler: 'h', accepted_at: 1 }])
  })

  promise('[J11] a stamp is another one after anything in the store has changed', async (storage) => {
    const db = await noted(storage)
    const store = storage.store(KEY)
    const seen = new Set<number>([store.stamp()])
    await db.insertInto('note').values({ text: 'a' }).execute()
    seen.add(store.stamp())
    await store.transaction((tx) => tx.db.insertInto('note').values({ text: 'b' }).execute(), forever())
    seen.add(store.stamp())
    const before = storage.platformStamp()
    await storage.platform.insertInto('tenant').values({ id: 't', slug: 's', name: 'n', kind: 'pool', parent_id: null, siren: null, insee: null, population: null, created_at: 1 }).execute()
    expect([seen.size, storage.platformStamp() > before]).toEqual([3, true])
  })

  promise('[J70] a copy is tried on, and the store knows nothing of it: rows, tables, what it has had, what is counted', async (storage) => {
    storage.findMigrations(async () => NOTES)
    await (await noted(storage)).insertInto('note').values({ text: 'ours' }).execute()
    const counted = await storage.sizesOf(KEY.tenantId)
    const folder = temporaryFolder()
    const copy = await storage.openCopy(KEY, 'store', folder)
    const before = await copy.shape()
    const colour: Migrations = { ...NOTES, '0002-colour': { up: async (db) => { await db.schema.alterTable('note').addColumn('colour', 'text', (column) => column.defaultTo('white')).execute() }, down: async (db) => { await db.schema.alterTable('note').dropColumn('colour').execute() } } }
    expect(await copy.migrate(colour)).toEqual({ applied: ['0002-colour'] })
    expect(await copy.store(KEY).reading.selectFrom('note').select(['text', 'colour']).execute()).toEqual([{ text: 'ours', colour: 'white' }])
    expect(await copy.shape()).not.toBe(before)
    await copy.store(KEY).db.insertInto('note').values({ text: 'tried' }).execute()
    expect(await copy.revert(colour, ['0002-colour'])).toEqual({ reverted: ['0002-colour'] })
    expect(await copy.shape()).toBe(before)
    await copy.copyTo(join(folder, 'taken.sqlite'))
    await copy.close()
    await copy.close()
    expect(await storage.store(KEY).db.selectFrom('note').selectAll().execute()).toEqual([{ id: 1, text: 'ours' }])
    expect((await storage.platform.selectFrom('migration').select(['tenant_id', 'name']).execute())).toEqual([{ tenant_id: KEY.tenantId, name: '0001-note' }])
    expect([await storage.storesOf(KEY.tenantId), await storage.sizesOf(KEY.tenantId)]).toEqual([[KEY], counted])
    // Made of a file, and of nothing.
    const again = await storage.openCopy(KEY, { path: join(folder, 'taken.sqlite') }, temporaryFolder())
    expect(await again.store(KEY).db.selectFrom('note').select('text').orderBy('id').execute()).toEqual([{ text: 'ours' }, { text: 'tried' }])
    await again.close()
    const nothing = await storage.openCopy(KEY, 'nothing', temporaryFolder())
    expect(await nothing.migrate(NOTES)).toEqual({ applied: ['0001-note'] })
    expect(await nothing.shape()).toBe(before)
    await nothing.close()
  })

  promise('[U1] the plugin\'s own tables are told with their rows and sizes', async (storage) => {
    await storage.migrate(KEY, ALL_TYPES)
    await storage.store(KEY).db.insertInto('thing').values([{ name: 'a' }, { name: 'b' }]).execute()
    expect(await storage.tablesOf(KEY)).toEqual([{ table: 'thing', rows: 2, bytes: expect.any(Number) as number }])
  })

  promise('[Z3] switching on makes no store: it is made at its first use, as the release wants it that runs then', async (storage) => {
    const next: Migrations = { ...NOTES, '0002-author': { up: async (db) => { await db.schema.alterTable('note').addColumn('author', 'text').execute() }, down } }
    const running = new Map<string, Migrations>()
    storage.makeStoresLate(({ tenantId }) => running.get(tenantId))
    const [first, second] = [{ tenantId: 'a', pluginId: KEY.pluginId }, { tenantId: 'b', pluginId: KEY.pluginId }]
    for (const key of [first, second]) {
      expect(await storage.migrate(key, NOTES)).toEqual({ applied: ['0001-note'] })
      running.set(key.tenantId, NOTES)
    }
    expect([...await storage.storesOf('a'), ...await storage.storesOf('b')]).toEqual([])
    const columns = async (key: StoreKey) => {
      await storage.store(key).db.insertInto('note').values({ text: 'a' }).execute()
      return Object.keys((await storage.store(key).db.selectFrom('note').selectAll().executeTakeFirst()) ?? {})
    }
    await storage.migrate(second, next)
    running.set('b', next)
    expect([await columns(first), await columns(second), await storage.storesOf('a')]).toEqual([['id', 'text'], ['id', 'text', 'author'], [first]])
    expect(await storage.migrate(first, next)).toEqual({ applied: ['0002-author'] })
  })

  promise('[Z4] many first uses at the same moment make one store; a migration that throws is found when it is asked for, and makes nothing', async (storage) => {
    let isBroken = true
    const migrations: Migrations = { '0001-note': { up: async (db) => { await NOTES['0001-note']?.up(db); if (isBroken) throw new Error('power') }, down } }
    storage.makeStoresLate(() => (isBroken ? undefined : migrations))
    await expect(storage.migrate(KEY, migrations)).rejects.toMatchObject({ code: 'MIGRATION_FAILED', message: expect.stringContaining('"0001-note" of plugin "fr.example.notes" of tenant t-1') as string })
    expect(await storage.storesOf(KEY.tenantId)).toEqual([])
    isBroken = false
    await storage.migrate(KEY, migrations)
    const insert = (text: string) => storage.store(KEY).db.insertInto('note').values({ text }).execute()
    await Promise.all([insert('a'), storage.store(KEY).transaction((tx) => tx.db.insertInto('note').values({ text: 'b' }).execute(), forever()), insert('c')])
    expect((await storage.store(KEY).db.selectFrom('note').select('text').orderBy('text').execute()).map(({ text }) => text)).toEqual(['a', 'b', 'c'])
  })
}
