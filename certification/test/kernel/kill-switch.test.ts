import { expect, test } from 'vitest'
import { callerPlugin, fragilePlugin, type FragileState } from './fragile-plugin.tsx'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'

const HTML = { headers: { accept: 'text/html' } }

function start(state: FragileState = { ran: [] }): Promise<Kernel> {
  return startKernel({ plugins: [fragilePlugin(state), callerPlugin()], tenants: 2 })
}

async function statuses(kernel: Kernel): Promise<readonly number[]> {
  return [
    (await kernel.visitor(0).get('/apps/fragile/work')).status, (await kernel.visitor(1).get('/apps/fragile/work')).status,
    (await kernel.visitor(0).get('/apps/fragile/', HTML)).status, (await kernel.visitor(0).get('/apps/caller/ask')).status,
  ]
}

test('[V9] a plugin that is stopped runs for nobody, through no door, also after a restart, until it is started again', async () => {
  const state: FragileState = { ran: [] }
  await using kernel = await start(state)
  expect(await statuses(kernel)).toEqual([200, 200, 200, 200])
  await kernel.platform.health.halts.stop('fr.test.fragile', undefined, 'a leak was reported', OPERATOR)
  state.ran.length = 0
  expect(await statuses(kernel)).toEqual([503, 503, 503, 503])
  await kernel.visitor().post('/apps/caller/ring', { who: 'ada' })
  kernel.outside.advance(3_600_000)
  await kernel.settle()
  await kernel.restart()
  await kernel.settle()
  expect([await statuses(kernel), state.ran, kernel.platform.events.stats.dead]).toEqual([[503, 503, 503, 503], [], 0])

  await kernel.platform.health.halts.start('fr.test.fragile', undefined, OPERATOR)
  expect(await statuses(kernel)).toEqual([200, 200, 200, 200])
  // What waited comes: the event once, the schedule that was missed once for each commune.
  state.ran.length = 0
  kernel.outside.advance(600_000)
  await kernel.settle()
  expect(state.ran.toSorted()).toEqual(['event ada commune-1', 'schedule commune-1', 'schedule commune-2'])
})

test('[V9] its tiles and pages say so, and the Bureau and the Guichet work', async () => {
  await using kernel = await start()
  const agent = await kernel.as('agent')
  expect((await agent.get('/bureau', HTML)).text).toContain('tuile tile')
  await kernel.platform.health.halts.stop('fr.test.fragile', undefined, 'a leak was reported', OPERATOR)
  const bureau = await agent.get('/bureau', HTML)
  expect([bureau.status, bureau.text.includes('tuile de l’appelant'), bureau.text.includes('tuile tile')]).toEqual([200, true, false])
  expect(bureau.text).toMatch(/a été arrêté par l’exploitant de la plateforme le <time[^>]*>2 mars 2026 à 09:00<\/time>/)
  const guichet = await kernel.visitor().get('/', HTML)
  expect([guichet.status, guichet.text.includes('bloc de l’appelant')]).toEqual([200, true])
  const page = await kernel.visitor().get('/apps/fragile/', HTML)
  expect([page.status, page.headers['retry-after'], page.text.includes('a été arrêté')]).toEqual([503, '300', true])
  // The reason is for operators alone.
  expect(bureau.text + guichet.text + page.text + (await kernel.visitor().get('/apps/fragile/work')).text).not.toContain('leak')
})

test('[V9] stopping and starting are on record, with who and why; what makes no sense is refused', async () => {
  await using kernel = await start()
  const { halts } = kernel.platform.health
  await halts.stop('fr.test.fragile', '1.0.0', 'it loops', OPERATOR)
  await expect(halts.start('fr.test.fragile', '2.0.0', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_UNKNOWN' })
  await expect(halts.stop('fr.test.nobody', undefined, 'why not', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_UNKNOWN' })
  await expect(halts.stop('fr.test.fragile', undefined, '  ', OPERATOR)).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
  await halts.start('fr.test.fragile', '1.0.0', OPERATOR)
  await expect(halts.start('fr.test.fragile', undefined, OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_STATE' })
  await halts.stop('fr.test.fragile', undefined, 'it loops', OPERATOR)
  await expect(halts.start('fr.test.fragile', '1.0.0', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_STATE' })
  const pool = kernel.platform.tenants.pool()?.id ?? ''
  const lines = await kernel.platform.audit.list(pool, { limit: 3 })
  expect(lines.map(({ action, target, actor, detail }) => [action, target, actor.name, detail])).toEqual([
    ['plugin.stopped', 'fr.test.fragile', 'Test', { reason: 'it loops' }],
    ['plugin.started', 'fr.test.fragile', 'Test', { version: '1.0.0', was: 'stopped' }],
    ['plugin.stopped', 'fr.test.fragile', 'Test', { version: '1.0.0', reason: 'it loops' }],
  ])
})
