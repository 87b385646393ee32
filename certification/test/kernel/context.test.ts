import { expect, test } from 'vitest'
import { barePlugin, contextPlugin } from './context-plugin.tsx'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'

const start = (): Promise<Kernel> => startKernel({ plugins: [contextPlugin, barePlugin] })
const tries = async (kernel: Kernel, what: string): Promise<unknown> => (await kernel.visitor().post('/apps/context/try', { what })).json<{ came: unknown }>().came
type Said = Readonly<Record<string, unknown>>
const says = async (kernel: Kernel, headers: Readonly<Record<string, string>> = {}, query = ''): Promise<Said> => (await kernel.visitor().get(`/apps/context/says${query}`, { headers })).json<Said>()

test('[R6] what a plugin did not ask for is refused: tables, files, hosts, other protocols', async () => {
  await using kernel = await start()
  for (const path of ['/apps/bare/db', '/apps/bare/transaction']) expect((await kernel.visitor().get(path)).json()).toMatchObject({ code: 'SCOPE_MISSING' })
  expect([await tries(kernel, 'files'), await tries(kernel, 'host'), await tries(kernel, 'http')]).toEqual(['SCOPE_MISSING', 'SCOPE_MISSING', 'EGRESS_REFUSED'])
  expect(kernel.outside.requests).toEqual([])
})

test('[R6] a declared host is reached, and a redirect leads only to declared hosts', async () => {
  await using kernel = await start()
  kernel.outside.answer(({ url }) => (url.endsWith('/data') ? Response.redirect('https://api.example.fr/moved', 302) : new Response('found')))
  expect(await tries(kernel, 'fetch')).toBe('found')
  kernel.outside.answer(() => Response.redirect('https://169.254.169.254/latest/meta-data', 302))
  expect(await tries(kernel, 'fetch')).toBe('SCOPE_MISSING')
  kernel.outside.answer(() => Response.redirect('https://api.example.fr/data', 302))
  expect(await tries(kernel, 'fetch')).toBe('EGRESS_FAILED')
  expect(kernel.outside.requests.every(({ url }) => url.startsWith('https://api.example.fr/'))).toBe(true)
})

test('[R7] only named services and events can be used, and events only with data that fits', async () => {
  await using kernel = await start()
  expect(await tries(kernel, 'undeclared service')).toBe('SCOPE_MISSING')
  expect(await tries(kernel, 'missing service')).toBe('SERVICE_UNAVAILABLE')
  expect(await tries(kernel, 'optional service')).toBe('none')
  expect(await tries(kernel, 'undeclared event')).toBe('EVENT_UNDECLARED')
  expect(await tries(kernel, 'wrong event')).toBe('EVENT_INVALID')
  await kernel.settle()
  expect(await kernel.platform.events.list(kernel.tenantId(), { limit: 10 })).toEqual([])
})

test('[R8] inside a transaction the database beside it is refused at once, and nothing of it stays', async () => {
  await using kernel = await start()
  expect(await tries(kernel, 'db in transaction')).toBe('DB_OUTSIDE_TRANSACTION')
  expect(await tries(kernel, 'rows')).toBe(0)
})

test('[R9] an event’s handler has one transaction: a second is refused, and the delivery says so', async () => {
  await using kernel = await start()
  await kernel.visitor().post('/apps/context/twice', undefined)
  await kernel.settle()
  const [delivery] = await kernel.platform.events.list(kernel.tenantId(), { limit: 10 })
  expect(delivery?.lastError).toContain('EVENT_SECOND_TRANSACTION')
})

test('[R10] a plugin writes into the audit trail as itself, for the person who acted, with the trace of the request', async () => {
  await using kernel = await start()
  const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'
  await kernel.visitor().post('/apps/context/try', { what: 'audit' }, { headers: { traceparent } })
  const [line] = await kernel.platform.audit.list(kernel.tenantId(), { limit: 1 })
  expect(line).toMatchObject({
    action: 'note.looked-at', target: 'n-1', pluginId: 'fr.test.context', detail: { reason: 'curiosity' }, actor: { kind: 'anonymous', id: 'anonymous' }, traceId: '1'.repeat(32),
  })
})

test('[R11] settings come typed, with defaults, frozen, and are new at the next call', async () => {
  await using kernel = await start()
  expect(await says(kernel)).toMatchObject({ settings: { hours: 48, mode: 'open' }, frozen: true })
  await kernel.platform.settings.set(kernel.tenantId(), 'fr.test.context', { hours: 2, note: 'vite' }, OPERATOR)
  expect(await says(kernel)).toMatchObject({ settings: { hours: 2, mode: 'open', note: 'vite' }, frozen: true })
})

test('[R12] texts, dates and amounts are in the reader’s language, and times are those of Paris', async () => {
  await using kernel = await start()
  const spaces = (said: Said): Said => Object.fromEntries(Object.entries(said).map(([key, value]) => [key, typeof value === 'string' ? value.replaceAll(/[\u202f\u00a0]/g, '_') : value]))
  expect(spaces(await says(kernel))).toMatchObject({
    locale: 'fr', greeting: 'Bonjour Zoé, 2 avis', nothing: 'Bonjour Zoé, rien', date: '2 mai 2026', late: '14 juillet 2026 à 01:30', winter: '14 janvier 2026 à 00:30', number: '1_234_567,5', money: '1_234,56_€',
  })
  const english = { locale: 'en', greeting: 'Hello Zoé, 2 notices', nothing: 'Hello Zoé, nothing', date: '2 May 2026', money: '€1,234.56' }
  expect(await says(kernel, { 'accept-language': 'de, en-GB;q=0.8, fr;q=0.5' })).toMatchObject(english)
  expect(await says(kernel, { 'accept-language': 'fr' }, '?lang=en')).toMatchObject(english)
  expect(await tries(kernel, 'unknown message')).toBe('MESSAGE_UNKNOWN')
})

test('[R13] addresses lead into the plugin on its tenant; ids sort by time; the clock is the platform’s', async () => {
  await using kernel = await start()
  const said = await says(kernel)
  expect(said).toMatchObject({
    url: '/apps/context/a?page=2&q=%C3%A9%26b', home: '/apps/context/', absolute: `http://commune-1.localhost:${kernel.port}/apps/context/feed.xml`,
    tenant: 'commune-1', actor: 'anonymous', now: new Date(kernel.outside.now()).toISOString(),
  })
  const [first = '', second = ''] = said['ids'] as readonly string[]
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  kernel.outside.advance(1_000)
  const later = (await says(kernel))['ids'] as readonly string[]
  expect(later[0]! > first && later[0]! > second).toBe(true)
})
