import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import type { StoreKey } from '../../src/storage/storage.ts'
import { databaseOfTest, postgresStorage } from '../storage/postgres-database.ts'
import { FakeOutside, forever, KEY, NOTES, temporaryFolder } from '../storage/temporary-storage.ts'
import { emit, READER, type DeliveringNode } from './certify-deliveries.ts'
import { nodesOn, postgresNodes } from './postgres-deliveries.ts'

const soon = async (seen: () => unknown, wanted: unknown): Promise<void> => { await expect.poll(seen, { interval: 20, timeout: 20_000 }).toEqual(wanted) }
const readers = (tenantId: string): StoreKey => ({ tenantId, pluginId: READER.pluginId })
const effects = async ({ storage }: Pick<DeliveringNode, 'storage'>, tenantId = KEY.tenantId): Promise<readonly string[]> =>
  (await storage.store(readers(tenantId)).db.selectFrom('note').select('text').orderBy('id').execute()).map((row) => String(row['text']))

test('[E53] a node that is cut off in the middle of a delivery writes nothing down of what others took over, and comes back', async () => {
  const node = await postgresNodes()
  const outside = new FakeOutside()
  const began = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const came: string[] = []
  const first = await node({ outside, awayMs: 4_000, deliver: async ({ eventId }) => {
    came.push(`first ${eventId}`)
    if (eventId !== 'a') return
    began.resolve()
    await gate.promise
  } })
  await emit(first, 'a')
  await began.promise
  const second = await node({ outside, deliver: async ({ eventId }) => { came.push(`second ${eventId}`) } })
  first.session.cut()
  await soon(() => came, ['first a', 'second a'])
  gate.resolve()
  await emit(second, 'b')
  await soon(() => came, ['first a', 'second a', 'second b'])
  await first.session.ready()
  await first.bus.settle()
  await second.bus.settle()
  expect(await second.bus.show('t-1', 'a')).toMatchObject([{ status: 'delivered', attempts: 1 }])
  // It takes part again.
  await second.bus.stop()
  await emit(first, 'c')
  await soon(() => came.slice(3), ['first c'])
})

test('[E53] a job that is lost, doubled or locked by a dead node costs nothing but a moment', async () => {
  const url = await databaseOfTest()
  const secret = randomBytes(32)
  const came: string[] = []
  const options = { outside: new FakeOutside(), deliver: async ({ eventId }: { readonly eventId: string }) => { came.push(eventId) } }
  const first = await nodesOn(url, secret)(options)
  await emit(first, 'a')
  await soon(() => came, ['a'])
  await first.bus.settle()
  await first.kill()
  // Nobody runs: what is written stays with its job.
  const storage = await postgresStorage({ url, secret })
  await emit({ storage }, 'b')
  await sql`delete from liberacces_queue._private_jobs`.execute(storage.platform)
  const second = await nodesOn(url, secret)(options)
  await soon(() => came, ['a', 'b'])
  await second.bus.settle()
  await second.kill()
  await emit({ storage }, 'c')
  for (let copy = 0; copy < 3; copy += 1) await sql`select liberacces_queue.add_job('wake', json_build_object('tenant', ${KEY.tenantId}::text, 'plugin', ${KEY.pluginId}::text))`.execute(storage.platform)
  await sql`update liberacces_queue._private_jobs set locked_at = now(), locked_by = 'pool-of-the-dead'`.execute(storage.platform)
  await nodesOn(url, secret)(options)
  await soon(() => came, ['a', 'b', 'c'])
  await soon(async () => (await sql<{ id: number }>`select id from liberacces_queue._private_jobs`.execute(storage.platform)).rows, [])
  expect(came).toEqual(['a', 'b', 'c'])
})

test('[E48] nodes are killed again and again while they deliver: no event is lost, each has its effect once, in the order of its subject', async () => {
  const url = await databaseOfTest()
  const secret = randomBytes(32)
  const storage = await postgresStorage({ url, secret })
  const tenants = ['t-1', 't-2', 't-3', 't-4']
  for (const tenantId of tenants) await storage.migrate(readers(tenantId), NOTES)
  let handed = 0
  const startNode = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('killed-deliverer.ts', import.meta.url)), url, Buffer.from(secret).toString('hex'), temporaryFolder()], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => { child.kill('SIGKILL') })
    const ready = Promise.withResolvers<void>()
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') ready.resolve()
      else handed += 1
    })
    child.on('exit', () => { ready.reject(new Error('A node ended before it was ready.')) })
    await ready.promise
    return child
  }
  const nodes = await Promise.all([startNode(), startNode()])
  const written = new Map<string, string[]>(tenants.map((tenantId) => [tenantId, []]))
  const write = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const tenantId = tenants[index % tenants.length] ?? ''
      const known = written.get(tenantId)
      const id = `${tenantId}-${String(known?.length).padStart(4, '0')}`
      await storage.store({ tenantId, pluginId: KEY.pluginId }).transaction((tx) => tx.appendEvent({ id, type: 'fr.example.notes.changed/v1', subject: 'one', time: 0, data: {}, notBefore: undefined, traceparent: undefined }), forever())
      known?.push(id)
    }
  }
  for (let round = 0; round < 3; round += 1) {
    const before = handed
    const writing = write(60)
    await expect.poll(() => handed, { interval: 2, timeout: 20_000 }).toBeGreaterThan(before + 5)
    const [victim] = nodes
    victim?.kill('SIGKILL')
    if (victim !== undefined && victim.exitCode === null && victim.signalCode === null) await once(victim, 'exit')
    nodes.shift()
    await writing
    nodes.push(await startNode())
  }
  for (const tenantId of tenants) await soon(() => effects({ storage }, tenantId), written.get(tenantId))
}, 90_000)
