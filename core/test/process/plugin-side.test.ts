import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { definePlugin } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { PlatformError } from '../../src/errors.ts'
import { openLoopbackChild } from '../../src/process/loopback-child.ts'
import { PluginSide, type SideDeps } from '../../src/process/plugin-side.ts'
import { UsedScopes } from '../../src/process/used-scopes.ts'

const MIGRATION = { at: 'migration', name: '0001-never', way: 'up', dialect: 'sqlite' } as const

/** A plugin one of whose migrations never ends. */
async function openSide(deps: Partial<SideDeps> = {}) {
  const child = openLoopbackChild(definePlugin()({
    id: 'fr.test.side', version: '1.0.0', path: 'side', sdk: '*', license: 'MIT', title: { fr: 'À côté' }, publisher: { name: 'Test', contact: 'x' },
    scopes: ['db'], privacy: { stores: [] }, messages: { fr: {}, en: {} },
    migrations: { '0001-never': { up: () => new Promise<void>(() => undefined), down: async () => undefined } },
    setup: () => undefined,
  }))
  const side = new PluginSide(child.channel, { id: 'fr.test.side', version: '1.0.0' }, {
    now: Date.now, isMachineTime: true, randomBytes: (length) => new Uint8Array(length), cpu: () => undefined, used: new UsedScopes(),
    log: { warn: () => undefined }, wording: { clean: (text) => text, tells: () => true }, ...deps,
  }, () => new PlatformError('UNAVAILABLE', 'It is gone.', { fix: 'Come again.' }))
  await side.open({ file: 'side', dialect: 'sqlite', csrfToken: 'token' }, 10_000)
  return { child, side }
}

test('[R47] calls that are under way when it is told to end fail once it has, as those do whose process was killed', async () => {
  const { child, side } = await openSide()
  const call = side.call(MIGRATION, undefined, { db: {} as never })
  side.stop()
  await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect([side.inFlight, (await side.ended).kind, await child.exited]).toEqual([0, 'closed', 'ended by itself'])
})

test('[R47] one that answered while the platform was busy is not taken for one that hangs', async () => {
  const { child, side } = await openSide()
  const answers = side.ping(20)
  const until = performance.now() + 60
  while (performance.now() < until);
  expect(await answers).toBe(true)
  child.kill()
})

test('[R47] a migration that never ends is given up', async () => {
  const { child, side } = await openSide({ migrationMs: 20 })
  await expect(side.call(MIGRATION, undefined, { db: {} as never })).rejects.toMatchObject({ code: 'PLUGIN_CALL_TIMEOUT', message: expect.stringContaining('0.02 s') })
  expect([side.inFlight, await side.ping(10_000)]).toEqual([0, true])
  child.kill()
})

test('[R285] what a call was granted is let go when it is over, however many calls follow', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void
  const { child, side } = await openSide()
  const calls = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round += 1) {
      await Promise.all(Array.from({ length: 40 }, () => side.call({ ...MIGRATION, way: 'down' }, undefined, { db: { held: Array.from({ length: 2_000 }, (_, each) => each) } as never })))
      collect({ type: 'minor' })
    }
  }
  await calls(10)
  // It is old by now, as on a server that has run for a while.
  for (let count = 0; count < 4; count += 1) collect({ type: 'minor' })
  const before = process.memoryUsage().heapUsed
  await calls(50)
  collect({ type: 'minor' })
  // 32 MB were granted meanwhile.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000)
  child.kill()
})
