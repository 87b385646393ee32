import type { WorkerContext } from '@liberacces/sdk'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ANONYMOUS } from '../../src/identity/visitor.ts'
import { BusyWait } from '../../src/process/busy-wait.ts'
import type { SideDeps } from '../../src/process/plugin-side.ts'
import { CallContext, type ContextPorts } from '../../src/runtime/call-context.ts'
import { CallLimit } from '../../src/runtime/call-limit.ts'
import { openLoopbackSide } from './loopback-side.ts'
import { collectYoung, growOld } from './small-collections.ts'

const MIGRATION = { at: 'migration', name: '0001-never', way: 'up', dialect: 'sqlite' } as const

/** A plugin one of whose migrations never ends. */
const openSide = (deps: Partial<SideDeps> = {}) => openLoopbackSide({ migrations: { '0001-never': { up: () => new Promise<void>(() => undefined), down: async () => undefined } } }, deps)

/** A visitor's call until a limit. */
function contextUntil(limit: CallLimit, ports: Partial<ContextPorts> = {}): CallContext {
  const manifest = { id: 'fr.test.side', permissions: {}, requires: {}, optional: {} }
  const origin = { tenant: { id: '1', info: {} }, principal: ANONYMOUS, locale: 'fr' }
  return new CallContext({ baseUrl: () => 'https://a', ...ports } as unknown as ContextPorts, { manifest } as never, origin as never, { settings: {}, accepted: new Set<string>() }, limit)
}

test('[R47] calls that are under way when it is told to end fail once it has, as those do whose process was killed', async () => {
  const { child, side } = await openSide()
  const call = side.call(MIGRATION, undefined, { db: {} as never })
  side.stop()
  await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect([side.inFlight, (await side.ended).kind, await child.exited]).toEqual([0, 'closed', 'ended by itself'])
})

test('[R47] one that answered while the platform was busy is not taken for one that hangs', async () => {
  const { side } = await openSide()
  const answers = side.ping(20)
  const until = performance.now() + 60
  while (performance.now() < until);
  expect(await answers).toBe(true)
})

test('[R47] a migration that never ends is given up', async () => {
  const { side } = await openSide({ migrationMs: 20 })
  await expect(side.call(MIGRATION, undefined, { db: {} as never })).rejects.toMatchObject({ code: 'PLUGIN_CALL_TIMEOUT', message: expect.stringContaining('0.02 s') })
  expect([side.inFlight, await side.ping(10_000)]).toEqual([0, true])
})

test('[R285] what a call was granted is let go when it is over, however many calls follow', async () => {
  const { side } = await openSide()
  const calls = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round += 1) {
      await Promise.all(Array.from({ length: 40 }, () => side.call({ ...MIGRATION, way: 'down' }, undefined, { db: { held: Array.from({ length: 2_000 }, (_, each) => each) } as never })))
      collectYoung()
    }
  }
  await calls(10)
  growOld()
  const before = process.memoryUsage().heapUsed
  await calls(50)
  collectYoung()
  // 32 MB were granted meanwhile.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000)
})

test('[R285] a call that its caller has left before it was made is over, also where the plugin cannot be told so', async () => {
  let isBroken = false
  const { side } = await openSide({ wording: { clean: (text) => { if (isBroken) throw new Error('There are no words.'); return text }, tells: () => true } })
  const limit = new CallLimit({})
  limit.expire(new Error('Too late.'))
  const c = contextUntil(limit)
  await expect(side.call({ at: 'check' }, undefined, { c })).rejects.toThrow('Too late.')
  isBroken = true
  await expect(side.call({ at: 'check' }, undefined, { c })).rejects.toThrow('There are no words.')
  expect(side.inFlight).toBe(0)
})

test('[R160] of what is under way there the call is cancelled whose time is up, whatever ran before it', async () => {
  const seen: string[] = []
  let count = 0
  const untilAborted = (what: string) => ({ signal }: { readonly signal: AbortSignal }): Promise<void> => new Promise((resolve) => {
    const name = `${what} ${count += 1}`
    seen.push(`${name} begins`)
    signal.addEventListener('abort', () => { seen.push(`${name} aborted`); resolve() }, { once: true })
  })
  const { side } = await openLoopbackSide({ worker: untilAborted('worker'), check: untilAborted('check') })
  const w = { tenant: { slug: 'une', name: 'Une', kind: 'commune' }, settings: {}, signal: new AbortController().signal } as unknown as WorkerContext
  side.call({ at: 'worker', index: 0 }, { tenant: w.tenant, settings: {}, now: 0 }, { w }).catch(() => undefined)
  const [first, second] = [new CallLimit({}), new CallLimit({})]
  const call = side.call({ at: 'check' }, undefined, { c: contextUntil(first) })
  const other = side.call({ at: 'check' }, undefined, { c: contextUntil(second) })
  other.catch(() => undefined)
  await expect.poll(() => seen).toEqual(['worker 1 begins', 'check 2 begins', 'check 3 begins'])
  first.expire(new Error('Its time is up.'))
  await expect(call).rejects.toThrow('Its time is up.')
  expect(await side.ping(10_000)).toBe(true)
  expect([seen.slice(3), side.inFlight]).toEqual([['check 2 aborted'], 1])
})

test('[R290] what a lone call says next is looked for, what one of several says is not', async () => {
  const begun = vi.spyOn(BusyWait.prototype, 'begin')
  onTestFinished(() => { begun.mockRestore() })
  const { side } = await openLoopbackSide({ check: async () => undefined })
  const check = (): Promise<unknown> => side.call({ at: 'check' }, undefined, { c: contextUntil(new CallLimit({})) })
  await check()
  expect(begun).toHaveBeenCalledTimes(1)
  await Promise.all([check(), check(), check()])
  expect(begun).toHaveBeenCalledTimes(2)
  await check()
  expect(begun).toHaveBeenCalledTimes(3)
})

test('[R290] so is what a lone call says after an answer, unless it waits for others too', async () => {
  const begun = vi.spyOn(BusyWait.prototype, 'begin')
  onTestFinished(() => { begun.mockRestore() })
  const { side } = await openLoopbackSide({ check: async (c) => {
    await c.audit('first', 'x')
    await Promise.all([c.audit('both', 'x'), c.audit('both', 'x')])
  } })
  // Neither of both is answered before the other was asked too.
  const { promise: bothAsked, resolve } = Promise.withResolvers<void>()
  let count = 0
  const audit: ContextPorts['audit'] = async (_release, _origin, action) => {
    if (action === 'first') return
    if ((count += 1) === 2) resolve()
    await bothAsked
  }
  await side.call({ at: 'check' }, undefined, { c: contextUntil(new CallLimit({}), { audit }) })
  // For the call, after the first answer, and after the last of both.
  expect(begun).toHaveBeenCalledTimes(3)
})
