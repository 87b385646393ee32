import { beforeEach, expect, test } from 'vitest'
import { desk, office, register, trouble } from './event-plugins.ts'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'

const HTML = { headers: { accept: 'text/html' } }
const PAGE = '/admin/evenements'
const READ = 'fr.liberacces.kernel/events.read'

beforeEach(() => { trouble.isOffice = false })

const start = (): Promise<Kernel> => startKernel({ plugins: [desk, register, office] })
async function hours(kernel: Kernel, count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 1) {
    await kernel.settle()
    kernel.outside.advance(3_600_000)
  }
  await kernel.settle()
}
const text = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const actions = (html: string): readonly string[] => [...html.matchAll(/action="([^"]+)"/g)].map(([, action = '']) => action.replaceAll('&amp;', '&'))

test('[E73] a dead letter is on the page of who looks after events: tried again, or given up after a question, one or all, noted in the audit trail', async () => {
  await using kernel = await start()
  trouble.isOffice = true
  for (const id of ['x', 'y', 'z']) await kernel.visitor().post(`/apps/desk/ask?id=${id}`, undefined)
  await hours(kernel, 12)
  const admin = await kernel.as('tenant-admin')
  const page = await admin.get(PAGE, HTML)
  expect(text(page.text)).toContain('3 événements non remis')
  expect(text(page.text)).toContain('PLUGIN_CALL_FAILED')
  expect(text((await admin.get('/admin', HTML)).text)).toMatch(/3 (remises|événements)/)
  trouble.isOffice = false
  const { events: [first] } = await kernel.platform.eventRecords.search(kernel.tenantId(), { subject: 'x', limit: 1 })
  const one = await admin.get(`${PAGE}/evenement?id=${first?.id}`, HTML)
  const [retryOne = '', discardOne = ''] = actions(one.text).filter((action) => action.startsWith(`${PAGE}/evenement/`))
  expect([retryOne.includes('/retenter?'), discardOne.includes('/abandonner?')]).toEqual([true, true])
  expect((await admin.submit(discardOne, {}, PAGE)).status).toBe(303)
  expect((await kernel.platform.eventRecords.find(kernel.tenantId(), first?.id ?? ''))?.state).toBe('discarded')
  const retryAll = actions((await admin.get(PAGE, HTML)).text).find((action) => action.includes('/echecs/retenter?')) ?? ''
  expect((await admin.submit(retryAll, {}, PAGE)).status).toBe(303)
  await kernel.settle()
  const states = (await kernel.platform.eventRecords.search(kernel.tenantId(), { type: 'asked', limit: 5 })).events.map(({ subject, state }) => `${subject} ${state}`)
  expect(['x discarded', 'y delivered', 'z delivered'].filter((one) => !states.includes(one))).toEqual([])
  expect((await kernel.platform.audit.list(kernel.tenantId(), { limit: 10 })).map(({ action }) => action).filter((action) => action.startsWith('event.'))).toEqual(['event.dead-letters-retried', 'event.dead-letters-discarded'])
})

test('[E74] what an event says is read by who holds the permission for it, which no role does at first, and each reading is in the audit trail', async () => {
  await using kernel = await start()
  await kernel.visitor().post('/apps/desk/ask?id=secret-of-anne', undefined)
  await kernel.settle()
  const { events: [event] } = await kernel.platform.eventRecords.search(kernel.tenantId(), { type: 'asked', limit: 1 })
  const admin = await kernel.as('tenant-admin')
  const address = `${PAGE}/evenement?id=${event?.id}`
  const plain = await admin.get(address, HTML)
  expect([plain.status, plain.text.includes('Lire le contenu des événements'), plain.text.includes('&quot;id&quot;')]).toEqual([200, true, false])
  expect((await admin.get(`${address}&contenu=oui`, HTML)).status).toBe(403)
  await kernel.platform.roles.decide(kernel.tenantId(), [{ role: 'tenant-admin', permission: READ, granted: true }], OPERATOR)
  const before = (await kernel.platform.audit.list(kernel.tenantId(), { limit: 50, action: 'event.read' })).length
  expect((await admin.get(address, HTML)).text).toContain('Afficher le contenu')
  const read = await admin.get(`${address}&contenu=oui`, HTML)
  expect(text(read.text)).toContain('secret-of-anne')
  const lines = await kernel.platform.audit.list(kernel.tenantId(), { limit: 50, action: 'event.read' })
  expect([before, lines.length, lines[0]?.target, lines[0]?.actor.name]).toEqual([0, 1, event?.id, expect.stringContaining('Personne')])
  expect((await kernel.as('agent').then((agent) => agent.get(address, HTML))).status).toBe(403)
  expect((await admin.get(`${PAGE}/evenement?id=nothing`, HTML)).status).toBe(404)
})

test('[E73] events are searched on the page, and older ones come with a link', async () => {
  await using kernel = await start()
  for (let index = 0; index < 55; index += 1) await kernel.visitor().post(`/apps/desk/ask?id=n-${index}`, undefined)
  await kernel.settle()
  const admin = await kernel.as('tenant-admin')
  const first = await admin.get(`${PAGE}?q=asked`, HTML)
  expect([first.text.includes('n-54'), first.text.includes('>n-4<')]).toEqual([true, false])
  const older = /href="(\/admin\/evenements\?[^"]*suite=[^"]+)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const second = await admin.get(older, HTML)
  expect([second.text.includes('>n-4<'), second.text.includes('n-54'), second.text.includes('Revenir aux plus récents')]).toEqual([true, false, true])
  const found = await admin.get(`${PAGE}?q=n-7&plugin=fr.test.office&state=delivered&from=2026-03-02&to=2026-03-02`, HTML)
  expect([found.text.match(/fr\.test\.desk\.asked\/v1/g)?.length, found.text.includes('n-7')]).toEqual([1, true])
  expect(text((await admin.get(`${PAGE}?q=n-7&from=2026-03-03`, HTML)).text)).toContain('Aucun événement ne correspond')
})

test('[E75] a replay is asked for on a page, which says how much it would do before it does it', async () => {
  await using kernel = await start()
  await kernel.platform.installations.disable(kernel.tenantId(), 'fr.test.office', OPERATOR)
  for (const id of ['a', 'b']) await kernel.visitor().post(`/apps/desk/ask?id=${id}`, undefined)
  await kernel.settle()
  await kernel.platform.installations.enable(kernel.tenantId(), 'fr.test.office', '*', OPERATOR)
  const admin = await kernel.as('tenant-admin')
  const form = { from: '2026-03-02', to: '', type: '', receiver: 'fr.test.office file it', again: '' }
  const page = await admin.get(`${PAGE}/rejouer?${new URLSearchParams(form)}`, HTML)
  expect(text(page.text)).toContain('2 événements examinés 2 remises à faire')
  expect(await kernel.platform.replays.list(kernel.tenantId(), 5)).toEqual([])
  expect((await admin.submit(`${PAGE}/rejouer`, form, `${PAGE}/rejouer`)).status).toBe(303)
  await kernel.settle()
  expect(text((await admin.get(`${PAGE}/rejouer`, HTML)).text)).toMatch(/Terminée – événements du 2 mars 2026 .*, pour Bureau \(file it\)/)
  expect((await kernel.platform.eventRecords.search(kernel.tenantId(), { type: 'asked', limit: 5 })).events.map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  for (const wrong of [{ ...form, from: '' }, { ...form, from: '2026-03-02', to: '2026-03-01' }, { ...form, from: 'x' }]) expect((await admin.submit(`${PAGE}/rejouer`, wrong, `${PAGE}/rejouer`)).status).toBe(422)
  const [replay] = await kernel.platform.replays.list(kernel.tenantId(), 5)
  expect((await admin.submit(`${PAGE}/rejouer/${replay?.id}/arreter`, {}, PAGE)).status).toBe(303)
  expect((await admin.submit(`${PAGE}/rejouer/nothing/arreter`, {}, PAGE)).status).toBe(404)
  expect((await kernel.platform.replays.find(kernel.tenantId(), replay?.id ?? ''))?.state).toBe('done')
})

test('[E76] how long events are kept is set on a page, and the sweep keeps to it', async () => {
  await using kernel = await start()
  await kernel.visitor().post('/apps/desk/ask', undefined)
  await kernel.settle()
  const admin = await kernel.as('tenant-admin')
  expect((await admin.submit(`${PAGE}/conservation`, { eventDays: '0', deadLetterDays: '180' }, PAGE)).status).toBe(422)
  expect((await admin.submit(`${PAGE}/conservation`, { eventDays: '2', deadLetterDays: '90' }, PAGE)).status).toBe(303)
  expect((await admin.get(`${PAGE}/conservation`, HTML)).text).toMatch(/name="eventDays"[^>]*value="2"/)
  await kernel.platform.retention.sweep()
  expect((await kernel.platform.eventRecords.search(kernel.tenantId(), { limit: 5 })).events).not.toEqual([])
  kernel.outside.advance(8 * 86_400_000)
  await kernel.platform.retention.sweep()
  expect((await kernel.platform.eventRecords.search(kernel.tenantId(), { type: 'asked', limit: 5 })).events).toEqual([])
})

test('[E77] the Pool sees of a tenant’s events how many could not be delivered, and nothing else without an intervention', async () => {
  await using kernel = await start()
  trouble.isOffice = true
  await kernel.visitor().post('/apps/desk/ask?id=about-anne', undefined)
  await hours(kernel, 8)
  const pool = await kernel.as('pool-admin', 'pool')
  const page = await pool.get('/collectivites/commune-1/evenements', HTML)
  expect([page.status, text(page.text).includes('file it'), page.text.includes('about-anne'), page.text.includes('PLUGIN_CALL_FAILED'), page.text.includes('/echecs/')]).toEqual([200, true, false, false, false])
  expect((await (await kernel.as('tenant-admin')).get('/collectivites/commune-1/evenements', HTML)).status).toBe(404)
  expect((await (await kernel.as('agent', 'pool')).get('/collectivites/commune-1/evenements', HTML)).status).toBe(403)
})
