import type { OutgoingMail } from '@liberacces/core'
import { expect, test } from 'vitest'
import { callerPlugin, fragilePlugin } from './fragile-plugin.tsx'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'

const HTML = { headers: { accept: 'text/html' } }
const MINUTE = 60_000

/** A kernel whose fragile plugin has two versions; the first commune runs the first. */
async function start(mails: OutgoingMail[] = []): Promise<Kernel> {
  const mail = { send: async (outgoing: OutgoingMail) => { mails.push(outgoing) }, close: () => undefined }
  return startKernel({ plugins: [fragilePlugin({ ran: [] }), fragilePlugin({ ran: [] }, { version: '1.1.0' }), callerPlugin()], tenants: 2, mail, env: { LIBERACCES_MAIL_FROM: 'pool@example.fr' }, enable: ['fr.test.caller'] })
}

/** The child of a release, as its supervisor would see it, crashing. */
function childOf(kernel: Kernel, version = '1.0.0') {
  const release = kernel.platform.catalogue.release('fr.test.fragile', version)
  if (release === undefined) throw new Error(`There is no release ${version}.`)
  const health = kernel.platform.health.of(release)
  const crash = (why: string): string => {
    health.started()
    health.ready()
    return health.crashed(why).kind
  }
  return { health, crash }
}

async function enable(kernel: Kernel, index: number, version: string): Promise<void> {
  await kernel.platform.installations.enable(kernel.tenantId(index), 'fr.test.fragile', version, OPERATOR)
}

const status = async (kernel: Kernel, index = 0): Promise<number> => (await kernel.visitor(index).get('/apps/fragile/work')).status

test('[V2] between a crash and the next start calls are refused with the time after which to ask again', async () => {
  await using kernel = await start()
  await enable(kernel, 0, '1.0.0')
  const { health, crash } = childOf(kernel)
  expect([crash('killed (SIGKILL)'), crash('killed (SIGKILL)')]).toEqual(['restart', 'restart'])
  const refused = await kernel.visitor().get('/apps/fragile/work')
  expect([refused.status, refused.headers['retry-after'], refused.json<{ outage: object }>().outage]).toMatchObject([503, '5', { kind: 'restarting' }])
  kernel.outside.advance(5_000)
  health.started()
  health.ready()
  expect(await status(kernel)).toBe(200)
})

test('[V3] a release that crashes three times within the hour is in quarantine for all, survives a restart so, and leaves it by an operator or another release', async () => {
  await using kernel = await start()
  await enable(kernel, 0, '1.0.0')
  await enable(kernel, 1, '1.1.0')
  expect(childOf(kernel).crash('it threw')).toBe('restart')
  kernel.outside.advance(25 * MINUTE)
  expect(childOf(kernel).crash('it threw')).toBe('restart')
  // Counts are kept over a restart of the platform.
  await expect.poll(() => kernel.platform.health.crashes.latest(10)).toHaveLength(2)
  await kernel.restart()
  kernel.outside.advance(25 * MINUTE)
  expect(childOf(kernel).crash('it threw')).toBe('quarantined')
  expect([await status(kernel), await status(kernel, 1)]).toEqual([503, 200])
  await expect.poll(async () => (await kernel.platform.audit.list(kernel.platform.tenants.pool()?.id ?? '', { limit: 1 })).map(({ action, actor }) => [action, actor.kind])).toEqual([['plugin.quarantined', 'system']])
  await kernel.restart()
  expect([await status(kernel), childOf(kernel).health.mayStart]).toEqual([503, false])
  expect((await kernel.visitor().get('/apps/fragile/', HTML)).text).toContain('a été mis à l’écart le')

  await kernel.platform.installations.upgrade(kernel.tenantId(), 'fr.test.fragile', { range: '1.1.0', by: OPERATOR })
  expect(await status(kernel)).toBe(200)
  await kernel.platform.health.halts.start('fr.test.fragile', '1.0.0', OPERATOR)
  expect([childOf(kernel).health.mayStart, childOf(kernel).crash('again')]).toEqual([true, 'restart'])
})

test('[V10] operators are told once of a stop, a quarantine and a breaker that stays open; not of one that closes', async () => {
  const mails: OutgoingMail[] = []
  await using kernel = await start(mails)
  await enable(kernel, 0, '1.0.0')
  const pool = kernel.platform.tenants.pool()?.id ?? ''
  await kernel.platform.accounts.create(pool, { login: 'claire', name: 'Claire Petit', email: 'claire@pool.example.fr', password: 'a-long-enough-test-password', roles: ['pool-admin'] }, OPERATOR)
  const tell = () => kernel.platform.tellOperators()
  await kernel.platform.settings.set(kernel.tenantId(), 'fr.test.fragile', { address: 'wrong' }, OPERATOR)
  for (let time = 0; time < 5; time += 1) await status(kernel)
  await tell()
  expect(mails).toEqual([])
  kernel.outside.advance(10 * MINUTE)
  await tell()
  await tell()
  expect(mails.map(({ to, subject }) => [to, subject])).toEqual([[['claire@pool.example.fr'], 'Commune 1\u00a0: Fragile ne répond plus correctement']])
  expect(mails[0]?.text).toContain('PLUGIN_CALL_FAILED in route GET /work')

  await kernel.platform.health.halts.stop('fr.test.fragile', undefined, 'a leak was reported', OPERATOR)
  await tell()
  await kernel.restart()
  await tell()
  const { crash } = childOf(kernel, '1.1.0')
  await kernel.platform.health.halts.start('fr.test.fragile', undefined, OPERATOR)
  for (let time = 0; time < 3; time += 1) crash('out of memory (256 MB)')
  await expect.poll(async () => {
    await tell()
    return mails.slice(1).map(({ subject }) => subject)
  }).toEqual(['Module arrêté\u00a0: Fragile', 'Module mis à l’écart\u00a0: Fragile'])
  expect(mails[1]?.text).toContain('Motif\u00a0: a leak was reported')
  expect(mails[2]?.text).toMatch(/version 1\.1\.0.*\n\nCe qui s’est passé\u00a0: 3 crashes within 60 min; the last one: out of memory \(256 MB\)/)
})

test('[V10] the administration of a tenant says which of its plugins are out of service, and only those', async () => {
  await using kernel = await start()
  await enable(kernel, 0, '1.0.0')
  await kernel.platform.health.halts.stop('fr.test.fragile', '1.0.0', 'a leak was reported', OPERATOR)
  const there = await (await kernel.as('tenant-admin', 0)).get('/admin', HTML)
  expect(there.text).toMatch(/Modules hors service.*«\u00a0Fragile\u00a0» a été arrêté par l’exploitant/)
  expect((await (await kernel.as('tenant-admin', 1)).get('/admin', HTML)).text).not.toContain('Modules hors service')
})

test('[V11] metrics tell what is halted, paused, refused and restarted, by plugin', async () => {
  await using kernel = await start()
  await enable(kernel, 0, '1.0.0')
  await kernel.platform.settings.set(kernel.tenantId(), 'fr.test.fragile', { address: 'wrong' }, OPERATOR)
  for (let time = 0; time < 7; time += 1) await status(kernel)
  await kernel.platform.health.halts.stop('fr.test.caller', undefined, 'x', OPERATOR)
  const child = childOf(kernel, '1.1.0')
  child.crash('x')
  child.health.started()
  const lines = (await kernel.visitor().get('/metrics')).text.split('\n')
  expect(lines.filter((line) => /^liberacces_plugin_(halted|breakers_open|refusals_total|restarts_total)\{.* [1-9]/.test(line)).toSorted()).toEqual([
    'liberacces_plugin_breakers_open{plugin="fr.test.fragile"} 1',
    'liberacces_plugin_halted{plugin="fr.test.caller",kind="stopped"} 1',
    'liberacces_plugin_refusals_total{plugin="fr.test.fragile",kind="paused"} 2',
    'liberacces_plugin_restarts_total{plugin="fr.test.fragile"} 1',
  ])
})
