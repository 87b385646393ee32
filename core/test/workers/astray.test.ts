import { duplexPair } from 'node:stream'
import { definePlugin, type WorkerContext } from '@liberacces/sdk'
import { collectRegistrations, manifestOf } from '@liberacces/sdk/host'
import { expect, onTestFinished, test } from 'vitest'
import { Scope } from '../../src/scope.ts'
import { Sleepers } from '../../src/workers/sleepers.ts'
import type { WorkerPorts } from '../../src/workers/worker-ports.ts'
import { WorkerRun } from '../../src/workers/worker-run.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

const MINUTE = 60_000
const never = () => new Promise<never>(() => undefined)
const beat = () => new Promise((resolve) => { setImmediate(resolve) })

/** A worker that does this, on a clock of the test's own. */
async function worker(run: (w: WorkerContext) => Promise<void>) {
  const outside = new FakeOutside()
  const plugin = definePlugin()({
    id: 'fr.test.works', version: '1.0.0', path: 'works', sdk: '*', license: 'MIT', title: { fr: 'Au travail' }, publisher: { name: 'Test', contact: 'x' },
    scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} }, setup: (k) => { k.worker({ kind: 'worker', id: 'link' }, run as never) },
  })
  const registrations = collectRegistrations(plugin)
  const logged: string[] = []
  const log = { debug: () => undefined, info: () => undefined, error: () => undefined, warn: (detail: { readonly error?: string }) => { logged.push(detail.error ?? '') } }
  const [near, far] = duplexPair()
  const ports = {
    now: () => outside.now(), chance: () => 0, tenant: () => ({ slug: 'aytre', name: 'Aytré', kind: 'commune' }), settings: () => ({}), log,
    call: (_key: unknown, _release: unknown, _call: unknown, _signal: unknown, body: (c: never) => Promise<never>) => body(undefined as never), connect: () => Promise.resolve(near),
  } as unknown as WorkerPorts
  const sleepers = new Sleepers(outside)
  const one = new WorkerRun({ tenantId: 't', pluginId: 'fr.test.works', workerId: 'link' }, { plugin, registrations, manifest: manifestOf(plugin, registrations), scope: new Scope('works') } as never, ports, sleepers)
  onTestFinished(() => { void one.stop() })
  const pass = async (ms: number): Promise<void> => {
    outside.time += ms
    one.look()
    sleepers.ring()
    for (let turn = 0; turn < 5; turn += 1) await beat()
  }
  await pass(0)
  return { one, logged, pass, far, near }
}

test('[R267] a run that waits for nothing is ended after five minutes, says so to operators, and is run again', async () => {
  const signals: AbortSignal[] = []
  const { one, logged, pass } = await worker(async (w) => {
    signals.push(w.signal)
    await never()
  })
  expect(one.astraySince).toBeDefined()
  await pass(4 * MINUTE)
  expect([signals.length, logged]).toEqual([1, []])
  await pass(MINUTE)
  expect(logged).toEqual(['PLUGIN_CALL_TIMEOUT: Worker "link" of "fr.test.works" has waited for nothing that the platform knows of for 5 minutes.'])
  expect(one.state).toMatchObject({ state: 'troubled', error: logged[0] })
  expect(signals[0]?.aborted).toBe(true)
  await pass(2_000)
  expect([signals.length, signals[1]?.aborted]).toEqual([2, false])
})

test('[R267] one that waits in a pause, a piece of work or on a connection waits as long as it likes; once that is over its time begins', async () => {
  const parts = { paused: 0, lost: Promise.withResolvers<void>() }
  const { one, logged, pass, near } = await worker(async (w) => {
    await w.run('waits', () => parts.lost.promise as Promise<never>)
    await w.pause()
    parts.paused += 1
    await w.connect({ host: 'bus.example.fr', port: 1 })
    await never()
  })
  await pass(60 * MINUTE)
  parts.lost.resolve()
  await pass(0)
  await pass(60 * MINUTE)
  one.wake()
  await pass(0)
  await pass(60 * MINUTE)
  expect([parts.paused, logged, one.astraySince]).toEqual([1, [], undefined])
  near.destroy()
  await pass(0)
  expect(one.astraySince).toBeDefined()
  await pass(5 * MINUTE)
  expect(logged).toHaveLength(1)
})

test('[R267] no piece of a worker’s work goes without an end: its time is 1 to 60 000 ms', async () => {
  const codes: unknown[] = []
  const { pass } = await worker(async (w) => {
    for (const timeoutMs of [0, -1, 1.5, 60_001, Number.POSITIVE_INFINITY, Number.NaN, 60_000]) codes.push(await w.run('x', async () => 'done', { timeoutMs }).catch((error: { readonly code: string }) => error.code))
    await w.pause()
  })
  await pass(0)
  expect(codes).toEqual([...Array.from({ length: 6 }, () => 'PLUGIN_ASK_INVALID'), 'done'])
})
