import { expect, test } from 'vitest'
import { callerPlugin, fragilePlugin, type FragileState } from './fragile-plugin.tsx'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'

const HTML = { headers: { accept: 'text/html' } }

async function start(state: FragileState = { ran: [] }, env: Readonly<Record<string, string>> = {}): Promise<Kernel> {
  return startKernel({ plugins: [fragilePlugin(state), callerPlugin()], tenants: 2, env })
}

/** Gives the first commune a setting of the fragile plugin. */
async function set(kernel: Kernel, address: string): Promise<void> {
  await kernel.platform.settings.set(kernel.tenantId(), 'fr.test.fragile', { address }, OPERATOR)
}

async function work(kernel: Kernel, times: number, index = 0): Promise<readonly number[]> {
  const statuses: number[] = []
  for (let time = 0; time < times; time += 1) statuses.push((await kernel.visitor(index).get('/apps/fragile/work')).status)
  return statuses
}

test('[V6] bad settings of one commune open its own breaker: it is refused at once, the others and other plugins go on', async () => {
  await using kernel = await start()
  await set(kernel, 'wrong')
  expect(await work(kernel, 7)).toEqual([500, 500, 500, 500, 500, 503, 503])
  const refused = await kernel.visitor().get('/apps/fragile/work')
  expect([refused.status, refused.headers['retry-after'], refused.json<{ code: string }>().code]).toEqual([503, '15', 'UNAVAILABLE'])
  expect(kernel.platform.health.breakers.open().map(({ tenantId, pluginId }) => [tenantId, pluginId])).toEqual([[kernel.tenantId(), 'fr.test.fragile']])
  expect(await work(kernel, 3, 1)).toEqual([200, 200, 200])
  expect((await kernel.visitor().post('/apps/caller/ring', { who: 'x' })).status).toBe(204)
})

test('[V6] each try fails alone while it goes on, and the first that goes well closes it; so does a change of the settings, at once', async () => {
  const state = { ran: [], isDown: true }
  await using kernel = await start(state)
  await work(kernel, 5)
  kernel.outside.advance(15_000)
  expect(await work(kernel, 2)).toEqual([500, 503])
  state.isDown = false
  kernel.outside.advance(29_999)
  expect(await work(kernel, 1)).toEqual([503])
  kernel.outside.advance(1)
  expect(await work(kernel, 3)).toEqual([200, 200, 200])
  expect(kernel.platform.health.guard.isCalm).toBe(true)
  await set(kernel, 'wrong')
  expect(await work(kernel, 6)).toEqual([500, 500, 500, 500, 500, 503])
  await set(kernel, 'right')
  expect(await work(kernel, 1)).toEqual([200])
})

test('[V6] time-outs count; what the plugin refuses, or the kernel, does not', async () => {
  await using kernel = await start()
  for (let time = 0; time < 12; time += 1) expect((await kernel.visitor().get('/apps/fragile/refuse')).status).toBe(404)
  expect(kernel.platform.health.guard.isCalm).toBe(true)
  await set(kernel, 'silent')
  const all = await Promise.all(Array.from({ length: 5 }, () => kernel.visitor().get('/apps/fragile/work')))
  expect(all.map(({ status }) => status)).toEqual([504, 504, 504, 504, 504])
  expect(await work(kernel, 1)).toEqual([503])
})

test('[V6] who calls a plugin that fails is not blamed for it', async () => {
  await using kernel = await start()
  await set(kernel, 'wrong')
  for (let time = 0; time < 5; time += 1) expect((await kernel.visitor().get('/apps/caller/ask')).status).toBe(500)
  // Now the service is refused; the caller lets that pass, and still is not to blame.
  for (let time = 0; time < 7; time += 1) expect((await kernel.visitor().get('/apps/caller/ask')).status).toBe(503)
  expect(kernel.platform.health.breakers.open().map(({ pluginId }) => pluginId)).toEqual(['fr.test.fragile'])
})

test('[V7] events wait while a breaker is open, and use up no try; a schedule is put off and runs once', async () => {
  const state = { ran: [] as string[], isDown: true }
  await using kernel = await start(state)
  await work(kernel, 5)
  state.isDown = false
  expect((await kernel.visitor().post('/apps/caller/ring', { who: 'ada' })).status).toBe(204)
  await kernel.settle()
  expect([state.ran, kernel.platform.events.stats.dead]).toEqual([[], 0])
  kernel.outside.advance(20_000)
  await kernel.settle()
  expect(state.ran).toEqual(['event ada commune-1'])

  // 09:59:50: the schedule comes at 10:00 while the breaker of the first commune is open.
  kernel.outside.advance(59 * 60_000 + 30_000)
  state.isDown = true
  await work(kernel, 5)
  state.ran.length = 0
  kernel.outside.advance(12_000)
  state.isDown = false
  await kernel.settle()
  expect(state.ran.filter((what) => what.startsWith('schedule commune-1'))).toEqual([])
  kernel.outside.advance(20_000)
  await kernel.settle()
  kernel.outside.advance(20_000)
  await kernel.settle()
  expect(state.ran.toSorted()).toEqual(['schedule commune-1', 'schedule commune-2'])
})

test('[V6] the operator decides how many failures it takes, or that there is no breaker', async () => {
  await using off = await start(undefined, { LIBERACCES_BREAKER: 'off' })
  await set(off, 'wrong')
  expect(await work(off, 9)).toEqual(Array.from({ length: 9 }, () => 500))
  await using two = await start(undefined, { LIBERACCES_BREAKER: '2' })
  await set(two, 'wrong')
  expect(await work(two, 3)).toEqual([500, 500, 503])
})

test('[V8] tiles and pages of what is not tried say so, in the reader’s language; the rest of the page is there', async () => {
  await using kernel = await start()
  await set(kernel, 'wrong')
  await work(kernel, 5)
  const guichet = await kernel.visitor().get('/', HTML)
  expect([guichet.status, guichet.text.includes('bloc de l’appelant'), guichet.text.includes('ne répond pas correctement depuis')]).toEqual([200, true, true])
  const page = await kernel.visitor().get('/apps/fragile/', HTML)
  expect([page.status, page.headers['retry-after']]).toEqual([503, '15'])
  expect(page.text).toContain('Fragile')
  expect(page.text).toMatch(/href="\/"/)
  const english = await kernel.visitor().get('/apps/fragile/', { headers: { accept: 'text/html', 'accept-language': 'en' } })
  expect(english.text).toContain('has not been answering correctly since')
  const problem = await kernel.visitor().get('/apps/fragile/')
  expect(problem.json()).toMatchObject({ status: 503, code: 'UNAVAILABLE', outage: { kind: 'paused', since: new Date(kernel.outside.now()).toISOString() } })
})
