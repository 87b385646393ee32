import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { shareDisk } from '../../src/testing/one-disk.ts'
import { signalThatEnds } from '../killed-process.ts'
import { databaseOfTest } from '../storage/postgres-database.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { ID, openNode } from './killed-rehearsal-kit.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const WAIT = { timeout: 30_000, interval: 50 }
const POINTS = ['made', 'migrating'] as const

async function place() {
  const secret = join(temporaryFolder(), 'secret.txt')
  writeFileSync(secret, randomBytes(32).toString('hex'))
  const url = await databaseOfTest()
  const disk = temporaryFolder()
  const env = { LIBERACCES_DATABASE_URL: url, LIBERACCES_SECRET_FILE: secret }
  const database = new pg.Client({ connectionString: url })
  await database.connect()
  onTestFinished(() => database.end())
  const namesOf = async (sql: string): Promise<readonly string[]> => (await database.query<{ name: string }>(sql)).rows.map(({ name }) => name)
  return {
    env,
    folder: () => {
      const folder = temporaryFolder()
      shareDisk(folder, disk)
      return folder
    },
    node: async (folder: string) => {
      const platform = await openNode(folder, env)
      let isStopped = false
      const stop = async (): Promise<void> => {
        if (!isStopped) await platform.stop()
        isStopped = true
      }
      onTestFinished(stop)
      return { platform, stop }
    },
    /** All that a rehearsal makes in the database: schemas, roles, what is noted of both, and connections of them. */
    left: async () => ({
      schemas: await namesOf('select nspname::text as name from pg_namespace where nspname not like \'pg_temp%\' and nspname not like \'pg_toast%\' order by 1'),
      roles: await namesOf('select rolname::text as name from pg_roles where rolname like \'la\\_\' || (select mark from liberacces_internal.platform) || \'\\_%\' order by 1'),
      noted: await namesOf('select plugin_id as name from liberacces_internal.store order by 1'),
    }),
  }
}

async function commune({ platform }: Awaited<ReturnType<Awaited<ReturnType<typeof place>>['node']>>): Promise<string> {
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const { id } = await platform.tenants.create({ kind: 'commune', name: 'Aytré' }, BY)
  await platform.installations.enable(id, ID, '1.0.0', BY)
  await platform.storage.store({ tenantId: id, pluginId: ID }).db.insertInto('note').values({ id: 1, text: 'kept' }).execute()
  // Makes what is made once for all rehearsals.
  expect(await platform.installations.rehearse(id, ID, { range: '1.1.0', by: BY })).toMatchObject({ go: true })
  return id
}

test('[J80] a process that is killed in the middle of a rehearsal on PostgreSQL: another node takes away its schemas, its role and what is noted of them, and a rehearsal there goes on', { timeout: 120_000 }, async () => {
  const { env, folder, node, left } = await place()
  const one = await node(folder())
  const tenantId = await commune(one)
  await one.platform.listen()
  const before = await left()
  for (const point of POINTS) {
    const other = folder()
    expect([point, await signalThatEnds(join(import.meta.dirname, 'killed-rehearsal.ts'), other, `rehearsal:${point}`, tenantId, JSON.stringify(env))]).toEqual([point, 'SIGKILL'])
    await expect.poll(left, { ...WAIT, message: point }).toEqual(before)
    expect(await one.platform.installations.rehearse(tenantId, ID, { range: '1.1.0', by: BY })).toMatchObject({ go: true, migrations: ['0002-colour'] })
  }
  expect(await left()).toEqual(before)
})

test('[J80] the only process, killed in the middle of a rehearsal: its next start takes all of it away, on the disk too, and the data is as it was', { timeout: 60_000 }, async () => {
  const { env, folder, node, left } = await place()
  const data = folder()
  const first = await node(data)
  const tenantId = await commune(first)
  await first.stop()
  const before = await left()
  expect(await signalThatEnds(join(import.meta.dirname, 'killed-rehearsal.ts'), data, 'rehearsal:migrated', tenantId, JSON.stringify(env))).toBe('SIGKILL')
  expect((await left()).noted.length).toBe(before.noted.length + 1)
  expect(await readdir(join(data, 'rehearsals'))).toHaveLength(1)
  const { platform } = await node(data)
  await platform.listen()
  await expect.poll(left, WAIT).toEqual(before)
  expect(existsSync(join(data, 'rehearsals'))).toBe(false)
  expect(await platform.storage.store({ tenantId, pluginId: ID }).db.selectFrom('note').selectAll().execute()).toEqual([{ id: 1, text: 'kept' }])
})
