import { once } from 'node:events'
import { duplexPair, type Duplex } from 'node:stream'
import type { WorkerContext } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { PlatformError } from '../../src/errors.ts'
import { Broker } from '../../src/process/broker/broker.ts'
import { OpenCall } from '../../src/process/broker/open-call.ts'
import { OpenWork } from '../../src/process/broker/open-work.ts'
import { ChildDatabase } from '../../src/process/host/child-database.ts'
import type { ChildCall } from '../../src/process/host/child-call.ts'
import { kyselyFor } from '../../src/process/host/kysely-for.ts'
import type { PluginSide } from '../../src/process/plugin-side.ts'
import { LIMITS, type Ask } from '../../src/process/protocol.ts'
import { UsedScopes } from '../../src/process/used-scopes.ts'
import { openLoopbackSide } from './loopback-side.ts'

const FACTS = { tenant: { slug: 'aytre', name: 'Aytré', kind: 'commune' }, settings: {}, now: 0 }

/** The kernel's context of a worker, as far as a test needs it; what it connects to is the other end of a pair. */
function workerContext({ sockets = [] as Duplex[] } = {}): { readonly w: WorkerContext; readonly stop: AbortController; readonly said: string[] } {
  const stop = new AbortController()
  const said: string[] = []
  const never = new Promise<never>((_resolve, reject) => { stop.signal.addEventListener('abort', () => { reject(stop.signal.reason as Error) }) })
  never.catch(() => undefined)
  const w = {
    tenant: FACTS.tenant, settings: {}, signal: stop.signal, now: () => new Date(0), log: { debug() {}, info() {}, warn() {}, error() {} },
    run: () => Promise.reject(new Error('No call is made here.')), pause: () => never, wake() {}, hold() {},
    health: (state: string, message: string) => { said.push(`${state} ${message}`) },
    connect: async () => {
      const socket = sockets.shift()
      if (socket === undefined) throw new PlatformError('EGRESS_FAILED', 'Nobody is there.', { fix: 'Look.' })
      return socket
    },
  } as unknown as WorkerContext
  return { w, stop, said }
}

/** A plugin whose only worker is this one. */
const sideWith = async (worker: (w: WorkerContext) => Promise<void>, workEndMs = 10_000): Promise<PluginSide> => (await openLoopbackSide({ worker }, { workEndMs })).side

const start = (side: PluginSide, w: WorkerContext): Promise<unknown> => side.call({ at: 'worker', index: 0 }, FACTS, { w })

test('[R223] a worker that is told to end says goodbye over its connection, which is open until then', async () => {
  const [near, far] = duplexPair()
  const heard: string[] = []
  far.on('data', (bytes: Buffer) => { heard.push(bytes.toString()) })
  const { w, stop, said } = workerContext({ sockets: [near] })
  const side = await sideWith(async (own) => {
    const socket = await own.connect({ host: 'bus.example.fr', port: 1 })
    own.health('working', 'up' as never)
    await own.pause().catch(() => undefined)
    await new Promise((resolve) => { socket.write('bye', resolve) })
    own.signal.throwIfAborted()
  })
  const over = start(side, w)
  await expect.poll(() => said).toEqual(['working up'])
  expect([side.inFlight, side.atWork]).toEqual([0, 'idle'])
  stop.abort(new Error('It is switched off.'))
  await expect(over).rejects.toThrow('It is switched off.')
  expect([heard, near.destroyed]).toEqual([['bye'], true])
})

test('[R223] one that does not end is given up, its connections are closed, and the process goes on', async () => {
  const [near] = duplexPair()
  const { w, stop, said } = workerContext({ sockets: [near] })
  const side = await sideWith(async (own) => {
    await own.connect({ host: 'bus.example.fr', port: 1 })
    own.health('working', 'up' as never)
    await new Promise(() => undefined)
  }, 20)
  const over = start(side, w)
  await expect.poll(() => said).toEqual(['working up'])
  stop.abort(new Error('It is switched off.'))
  await expect(over).rejects.toThrow('It is switched off.')
  expect([near.destroyed, await side.ping(10_000)]).toEqual([true, true])
})

test('[R223] where its process is drained its workers end first, and fail where it is gone, for the kernel to run them again', async () => {
  const { w } = workerContext()
  const side = await sideWith((own) => own.pause().then(() => undefined))
  const drained = start(side, w)
  drained.catch(() => undefined)
  await side.drain(10_000)
  await expect(drained).rejects.toMatchObject({ message: expect.stringContaining('process of the worker ends') as string })
  const again = start(side, workerContext().w)
  side.stop()
  await expect(again).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('[R224] who does not read holds up who writes, in both directions, and nothing is lost or out of order', async () => {
  const [near, far] = duplexPair()
  const total = 3 * 1_048_576
  const sent = { bytes: 0 }
  const { w, said } = workerContext({ sockets: [near] })
  const side = await sideWith(async (own) => {
    const socket = await own.connect({ host: 'bus.example.fr', port: 1 })
    const given = (async () => { let at = 0; for await (const piece of socket) for (const byte of piece as Buffer) if (byte !== at++ % 251) throw new Error(`Byte ${at} is wrong.`); return at })()
    for (let at = 0; at < total; at += 65_536) {
      await new Promise<void>((resolve, reject) => { socket.write(Buffer.from(Uint8Array.from({ length: 65_536 }, (_, index) => (at + index) % 251)), (error) => { if (error) reject(error); else resolve() }) })
      sent.bytes = at + 65_536
    }
    own.health('working', 'written' as never)
    socket.end()
    own.health('working', `read ${await given}` as never)
  })
  const over = start(side, w)
  over.catch(() => undefined)
  // The other end takes nothing: the worker comes to a stand long before the end.
  await expect.poll(async () => { const before = sent.bytes; await side.ping(10_000); await side.ping(10_000); return near.writableLength > 0 && before === sent.bytes }).toBe(true)
  expect(sent.bytes).toBeLessThan(1_048_576)
  // Now it answers with what it hears.
  far.pipe(far)
  await over
  expect(said).toEqual(['working written', `working read ${total}`])
})

test('[R224] a connection that breaks is an error to whoever reads, one too many is refused', async () => {
  const pairs = Array.from({ length: LIMITS.connectionsOfWorker + 1 }, () => duplexPair())
  const { w } = workerContext({ sockets: pairs.map(([near]) => near) })
  const work = new OpenWork(w, () => Promise.resolve())
  for (let count = 1; count <= LIMITS.connectionsOfWorker; count += 1) expect(await work.connect({ host: 'x.example.fr', port: 1 })).toBe(count)
  await expect(work.connect({ host: 'x.example.fr', port: 1 })).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  const read = work.connection(1).read()
  await expect(work.connection(1).read()).rejects.toMatchObject({ code: 'PLUGIN_ASK_INVALID' })
  pairs[0]?.[0].destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
  await expect(read).rejects.toMatchObject({ code: 'EGRESS_FAILED', message: 'The connection broke: ECONNRESET.' })
  await expect(work.connection(1).write(Buffer.from('x'))).rejects.toMatchObject({ code: 'EGRESS_FAILED' })
  pairs[1]?.[1].end('last')
  expect(String(await work.connection(2).read())).toBe('last')
  expect(await work.connection(2).read()).toBeNull()
  work.close(3)
  expect(() => work.connection(3)).toThrow('closed')
  expect(await work.connect({ host: 'x.example.fr', port: 1 })).toBe(LIMITS.connectionsOfWorker + 1)
  const last = pairs[5]?.[0] as Duplex
  const closed = once(last, 'close')
  work.closeAll()
  await closed
})

test('[R225] a worker has no tenant’s tables, files or mail outside of its pieces of work; a call has no connection', async () => {
  const { w } = workerContext()
  const broker = new Broker(new UsedScopes())
  // Some are refused at once.
  const answer = async (call: OpenCall, what: string, given: unknown): Promise<unknown> => broker.answer(call, { kind: 'ask', id: 1, call: call.id, what, with: given } as unknown as Ask)
  const run = new OpenCall(1, { w }, undefined, new OpenWork(w, () => Promise.resolve()))
  const asks = [
    ['db.run', { statement: 1, sql: 'select 1', values: [] }], ['tx.begin', { tx: 1 }], ['mail', { mail: { to: 'a@b.fr', subject: 'x', text: 'x' } }], ['files.get', { id: 'x' }], ['secrets.open', { sealed: 'x' }],
    ['use', { service: 'a/v1', operation: 'b', input: {} }], ['fetch', { url: 'https://a.fr', method: 'GET', headers: [], redirect: 'follow' }], ['audit', { action: 'x', target: 'y' }], ['wake', { worker: 'link' }],
  ] as const
  for (const [what, given] of asks) await expect(answer(run, what, given), what).rejects.toMatchObject({ code: 'PLUGIN_ASK_INVALID' })
  const call = new OpenCall(2, { db: {} as never })
  for (const [what, given] of [['work.pause', {}], ['work.run', { piece: 1, what: 'x' }], ['work.connect', { host: 'a.fr', port: 1 }], ['work.read', { connection: 1 }]] as const) {
    await expect(answer(call, what, given), what).rejects.toMatchObject({ code: 'PLUGIN_ASK_INVALID' })
  }
})

test('[R226] a statement is told by its text until an answer to it has come', async () => {
  const told: (string | undefined)[] = []
  const outcomes = [new Error('The call is over.'), undefined, undefined]
  const call = {
    ask: (_what: string, { sql }: { readonly sql?: string }) => {
      told.push(sql)
      const error = outcomes.shift()
      return error === undefined ? Promise.resolve({ rows: [] }) : Promise.reject(error)
    },
  } as unknown as ChildCall
  const db = new ChildDatabase(kyselyFor('sqlite'), 'plugin "x"').of(call) as never as { selectNoFrom: (build: (eb: { val: (value: number) => { as: (name: string) => unknown } }) => unknown) => { execute: () => Promise<unknown> } }
  const run = (): Promise<unknown> => db.selectNoFrom((eb) => eb.val(1).as('one')).execute()
  await expect(run()).rejects.toThrow('over')
  await run()
  await run()
  expect(told).toEqual([expect.any(String), expect.any(String), undefined])
})
