import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { Migrations } from '@liberacces/sdk'
import { Connection } from '../../src/storage/postgres/connection.ts'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'
import { stateOf } from '../../src/storage/postgres/database-error.ts'
import { namesOf, storeLogin, type StoreNames } from '../../src/storage/postgres/store-role.ts'
import { createPostgresStorage } from '../../src/storage/postgres/postgres-storage.ts'
import type { Storage, StoreCopy } from '../../src/storage/storage.ts'
import { databaseOfTest, postgresStorage } from './postgres-database.ts'
import { FakeOutside, KEY, NOTES, temporaryFolder } from './temporary-storage.ts'

interface Place {
  readonly of: string
  readonly names: StoreNames
}

interface Under {
  readonly url: string
  readonly secret: Uint8Array
  readonly storage: Storage
  readonly kernel: Connection
  readonly open: (login: { readonly user: string; readonly password: string | undefined }) => Promise<Connection>
  /** Every place in the database, tenants' and others'. */
  readonly places: () => Promise<readonly Place[]>
}

async function filled(): Promise<Under> {
  const [url, secret] = [await databaseOfTest(), randomBytes(32)]
  const storage = await postgresStorage({ url, secret, node: 'one' })
  storage.findMigrations(async () => NOTES)
  for (const key of [KEY, { ...KEY, tenantId: 't-2' }]) {
    await storage.migrate(key, NOTES)
    await storage.store(key).db.insertInto('note').values({ text: `secret of ${key.tenantId}` }).execute()
  }
  const address = parseDatabaseUrl(url)
  const open: Under['open'] = async (login) => {
    const connection = await Connection.open(address, login, () => undefined)
    onTestFinished(() => connection.close())
    return connection
  }
  const kernel = await open({ user: address.user, password: address.password })
  const places = async (): Promise<readonly Place[]> => {
    const { rows } = await kernel.script('select tenant_id, s.mark, p.mark as platform from liberacces_internal.store s, liberacces_internal.platform p order by tenant_id')
    return (rows as readonly { readonly tenant_id: string; readonly mark: string; readonly platform: string }[]).map((row) => ({ of: row.tenant_id, names: namesOf(row.platform, row.mark) }))
  }
  return { url, secret, storage, kernel, open, places }
}

const copyOf = (storage: Storage): Promise<StoreCopy> => storage.openCopy(KEY, 'store', temporaryFolder())
/** SQLSTATE: the role may not. */
const REFUSED = '42501'

test('[J71] a copy has a role of its own: it reads no row of the store that it is made of, nor does that one or a neighbour of it', async () => {
  const { secret, storage, open, places } = await filled()
  const copy = await copyOf(storage)
  const [trial, mine, neighbour] = await places()
  if (trial === undefined || mine === undefined || neighbour === undefined) throw new Error('A place is missing.')
  expect([trial.of, mine.of, neighbour.of]).toEqual(['liberacces', 't-1', 't-2'])
  const tries = async (as: Place, at: Place): Promise<unknown> => {
    const connection = await open(storeLogin(secret, as.names))
    return await connection.script(`select text from ${at.names.own}.note`).then(({ rows }) => rows, (error: unknown) => stateOf(error))
  }
  expect(await tries(trial, trial)).toEqual([{ text: 'secret of t-1' }])
  expect(await Promise.all([tries(trial, mine), tries(trial, neighbour), tries(mine, trial), tries(neighbour, trial)])).toEqual([REFUSED, REFUSED, REFUSED, REFUSED])
  await copy.close()
})

test('[J72] a copy is gone once it is closed, and what a process leaves that is killed is taken away by the next: schemas, role and all', async () => {
  const { url, secret, storage, kernel, places } = await filled()
  const roles = async (): Promise<number> => ((await kernel.script(`select count(*)::int as n from pg_roles where rolname like 'la\\_' || (select mark from liberacces_internal.platform) || '\\_%'`)).rows[0] as { readonly n: number }).n
  const before = [await roles(), (await places()).length]
  await (await copyOf(storage)).close()
  expect([await roles(), (await places()).length]).toEqual(before)

  // Another node works on a copy, and ends without a word.
  const other = await createPostgresStorage({ address: parseDatabaseUrl(url), folder: temporaryFolder(), secret, outside: new FakeOutside(), node: 'two' })
  other.findMigrations(async () => NOTES)
  await copyOf(other)
  await kernel.script(`insert into liberacces.node (id, started_at, beat_at, lock_key, host, pid, version, skew_ms, marks_json) values ('two', 0, 0, 1, 'h', 1, '0', 0, '{}')`)
  const own = await copyOf(storage)
  await storage.sweepCopies()
  expect((await places()).map(({ of }) => of)).toEqual(['liberacces', 'liberacces', 't-1', 't-2'])
  await other.close()
  await kernel.script(`delete from liberacces.node where id = 'two'`)
  await storage.sweepCopies()
  // Its own, which it works on, stays.
  expect((await places()).map(({ of }) => of)).toEqual(['liberacces', 't-1', 't-2'])
  expect(await own.store(KEY).db.selectFrom('note').select('text').execute()).toEqual([{ text: 'secret of t-1' }])
  await own.close()
  expect([await roles(), (await places()).length]).toEqual(before)
})

test('[J70] what cannot be copied leaves nothing behind', async () => {
  const { storage, places } = await filled()
  storage.findMigrations(async () => undefined as unknown as Migrations)
  const before = await places()
  await expect(copyOf(storage)).rejects.toMatchObject({ code: 'STORE_INVALID', message: expect.stringContaining('0001-note') })
  await expect(storage.openCopy(KEY, { path: '/nowhere.sqlite' }, temporaryFolder())).rejects.toMatchObject({ code: 'STORE_INVALID' })
  expect(await places()).toEqual(before)
})
