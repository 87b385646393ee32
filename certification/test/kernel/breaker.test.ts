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

test('[V6] once the settings are right again the next try closes it; while they are wrong each try fails alone', async () => {
  await using kernel = await start()
  await set(kernel, 'wrong')
  await work(kernel, 5)
  kernel.outside.advance(15_000)
  expect(await work(kernel, 2)).toEqual([500, 503])
  await set(kernel, 'right')
  kernel.outside.advance(29_999)
  expect(await work(kernel, 1)).toEqual([503])
  kernel.outside.advance(1)
  expect(await work(kernel, 3)).toEqual([200, 200, 200])
  expect(kernel.platform.health.guard.isCalm).toBe(true)
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
  const state: FragileState = { ran: [] }
  await using kernel = await start(state)
  await set(kernel, 'wrong')
  await work(kernel, 5)
  await set(kernel, 'right')
  expect((await kernel.visitor().post('/apps/caller/ring', { who: 'ada' })).status).toBe(204)
  await kernel.settle()
  expect([state.ran, kernel.platform.events.stats.dead]).toEqual([[], 0])
  kernel.outside.advance(20_000)
  await kernel.settle()
  expect(state.ran).toEqual(['event ada commune-1'])
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
