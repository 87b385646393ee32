import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { PluginSource } from '../../src/catalogue/plugin-source.ts'
import { pinnedFetch } from '../../src/egress/pinned-fetch.ts'
import { createLog } from '../../src/http/log.ts'
import { machineRandom } from '../../src/machine-random.ts'
import { isProcessAlive } from '../../src/process-alive.ts'
import { bundlePlugin } from '../../src/process/bundle-plugin.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const ID = 'fr.test.doomed'
const WAIT = { timeout: 20_000, interval: 10 }
const HOUR = 3_600_000

/** A platform with one plugin in a process of its own, at two communes, by a clock that runs and can be moved. */
async function open() {
  const clock = { moved: 0 }
  const source: PluginSource = {
    name: 'doomed', runtime: 'process',
    load: () => Promise.reject(new Error('It runs in a process of its own.')),
    code: async () => ({ file: 'doomed/plugin.cjs', text: await bundlePlugin(fileURLToPath(new URL('doomed-plugin.ts', import.meta.url))) }),
  }
  const folder = temporaryFolder()
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', LIBERACCES_DATA: folder }, folder), plugins: [source], log: createLog('silent'),
    outside: { now: () => Date.now() + clock.moved, randomBytes: machineRandom(), fetch: pinnedFetch },
    healthRules: { restart: { firstPauseMs: 100 } },
  })
  onTestFinished(async () => { await platform.stop() })
  expect(platform.catalogue.rejected).toEqual([])
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  for (const name of ['Aytré', 'Nieul']) await platform.installations.enable((await platform.tenants.create({ kind: 'commune', name }, BY)).id, ID, '*', BY)
  const { port } = await platform.listen()
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => { agent.destroy() })
  const get = async (slug = 'aytre'): Promise<{ readonly status: number; readonly retryAfter: string | undefined; readonly body: string }> => {
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly retryAfter: string | undefined; readonly body: string }>()
    request({ port, host: '127.0.0.1', path: '/apps/doomed/work', headers: { host: `${slug}.localhost`, accept: 'application/json' }, agent }, (response) => {
      let body = ''
      response.on('data', (chunk) => { body += String(chunk) }).on('end', () => { resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], body }) })
    }).on('error', reject).end()
    return promise
  }
  return { platform, clock, get }
}

function pidOf(platform: Platform): number | undefined {
  return platform.catalogue.release(ID, '1.0.0')?.process?.pid
}

/** Ends the child as a hand would, and waits until the next one is there. */
async function kill(platform: Platform): Promise<void> {
  const pid = pidOf(platform)
  if (pid === undefined) throw new Error('There is no child to be killed.')
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => ![undefined, pid].includes(pidOf(platform)), WAIT).toBe(true)
}

test('[V4] a child that is killed under load costs at most the requests in flight, as clean 503s; the next ones wait for the child that follows', { timeout: 60_000 }, async () => {
  const { platform, get } = await open()
  const first = pidOf(platform)
  expect((await get()).status).toBe(200)
  const IN_FLIGHT = 8
  const statuses = new Map<number, number>()
  let isOver = false
  const others: string[] = []
  const load = Array.from({ length: IN_FLIGHT }, async () => {
    while (!isOver) {
      const { status, body } = await get()
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status !== 200) others.push(body)
    }
  })
  await expect.poll(() => statuses.get(200) ?? 0, WAIT).toBeGreaterThan(50)
  await kill(platform)
  const before = statuses.get(200) ?? 0
  await expect.poll(() => statuses.get(200) ?? 0, WAIT).toBeGreaterThan(before + 50)
  isOver = true
  await Promise.all(load)
  expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([])
  expect(statuses.get(503) ?? 0).toBeLessThanOrEqual(IN_FLIGHT)
  for (const body of others) expect(JSON.parse(body)).toMatchObject({ code: 'UNAVAILABLE' })
  expect(first !== undefined && isProcessAlive(first)).toBe(false)
  await expect.poll(async () => (await platform.health.crashes.latest(10)).map(({ pluginId }) => pluginId), WAIT).toEqual([ID])
})

test('[V4] the third crash within the hour, by a moved clock, is a quarantine; an operator ends it, and another child runs', { timeout: 60_000 }, async () => {
  const { platform, clock, get } = await open()
  await kill(platform)
  clock.moved += 2 * HOUR
  await kill(platform)
  clock.moved += HOUR / 3
  await kill(platform)
  expect((await get()).status).toBe(200)
  clock.moved += HOUR / 3
  const last = pidOf(platform)
  process.kill(last ?? 0, 'SIGKILL')
  await expect.poll(() => platform.health.halts.find(ID, '1.0.0')?.kind, WAIT).toBe('quarantined')
  expect([(await get()).status, pidOf(platform)]).toEqual([503, undefined])
  await platform.health.halts.start(ID, '1.0.0', BY)
  await expect.poll(async () => (await get()).status, WAIT).toBe(200)
  expect(pidOf(platform)).not.toBe(last)
})

test('[V4] a stop ends the child at once, and a start brings another; an operator may have it replaced', { timeout: 60_000 }, async () => {
  const { platform, get } = await open()
  const first = pidOf(platform) ?? 0
  await platform.health.halts.stop(ID, undefined, 'a leak was reported', BY)
  expect((await get()).status).toBe(503)
  await expect.poll(() => isProcessAlive(first), WAIT).toBe(false)
  expect(await platform.health.crashes.latest(10)).toEqual([])
  await platform.health.halts.start(ID, undefined, BY)
  await expect.poll(async () => (await get()).status, WAIT).toBe(200)
  const second = pidOf(platform)
  platform.health.childOf(ID, '1.0.0')?.restart()
  await expect.poll(() => ![undefined, second].includes(pidOf(platform)), WAIT).toBe(true)
  expect([(await get()).status, await platform.health.crashes.latest(10)]).toEqual([200, []])
})

test('[V4] [V6] wrong settings of one tenant stop a plugin in a process of its own for that tenant alone, and its process goes on', { timeout: 60_000 }, async () => {
  const { platform, get } = await open()
  const pid = pidOf(platform)
  const aytre = platform.tenants.bySlug('aytre')?.id ?? ''
  await platform.settings.set(aytre, ID, { fails: true }, BY)
  const statuses: number[] = []
  for (let time = 0; time < 6; time += 1) statuses.push((await get()).status)
  expect(statuses).toEqual([500, 500, 500, 500, 500, 503])
  expect([(await get('nieul')).status, pidOf(platform), (await get()).retryAfter]).toEqual([200, pid, expect.any(String)])
})
