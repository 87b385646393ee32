import { startTestPlatform, type TestAnswer, type TestClient, type TestPlatform } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import plugin from '../src/plugin.tsx'
import recorded from './recorded/application.json' with { type: 'json' }

const APP = '/apps/signalements-voirie'
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
const MINUTE_MS = 60_000

const page = (client: TestClient, path: string): Promise<TestAnswer> => client.get(APP + path, { headers: { accept: 'text/html' } })
const report = (client: TestClient, place: string): Promise<TestAnswer> => client.submit(`${APP}/`, { kind: 'pothole', place, details: 'Trou profond' })

/** Plays an answer of the application back, as it was recorded. */
function answerAs(platform: TestPlatform, when: string): void {
  const one = recorded.find((each) => each.when === when)
  if (one === undefined) throw new Error(`No answer was recorded when ${when}.`)
  const { status, headers, body } = one
  platform.outside.answer(() => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: Object.entries(headers) }))
}

async function connected(): Promise<TestPlatform> {
  const platform = await startTestPlatform({ plugins: [plugin] })
  await platform.platform.settings.set(platform.tenant().id, plugin.id, { serverUrl: 'https://voirie.example.org/api/', serverKey: 'k-123' }, OPERATOR)
  return platform
}

test('a report is handed over with its key of idempotence, and carries the application’s reference then', async () => {
  await using platform = await connected()
  answerAs(platform, 'it takes a report')
  expect((await report(platform.tenant().visitor, '8 rue des Tanneurs')).headers['location']).toBe(`${APP}/`)
  await platform.advance(5 * MINUTE_MS)
  expect(platform.outside.requests).toHaveLength(1)
  const [request] = platform.outside.requests
  expect([request?.url, request?.method, request?.headers.get('authorization'), JSON.parse(request?.body ?? '')]).toMatchObject(['https://voirie.example.org/api/reports', 'POST', 'Bearer k-123', { place: '8 rue des Tanneurs', id: request?.headers.get('idempotency-key') }])
  expect((await page(await platform.as('agent'), '/gestion')).text).toContain('VOI-2026-00042')
  await platform.advance(10 * MINUTE_MS)
  expect(platform.outside.requests).toHaveLength(1)
})

test('while the application is away nothing is lost: citizens notice nothing, agents are told, and everything is handed over once it is back', async () => {
  await using platform = await connected()
  const agent = await platform.as('agent')
  answerAs(platform, 'it is overloaded')
  await report(platform.tenant().visitor, 'Rue A')
  expect((await report(platform.tenant().visitor, 'Rue B')).status).toBe(303)
  await platform.advance(5 * MINUTE_MS)
  // The first one told that it is away: the other is not even tried.
  expect(platform.outside.requests).toHaveLength(1)
  expect((await page(agent, '/gestion')).text).toContain('2 signalements attendent')
  await platform.crash()
  answerAs(platform, 'it takes a report')
  await platform.advance(10 * MINUTE_MS)
  const { text } = await page(await platform.as('agent', 'Autre'), '/gestion')
  expect([text.includes('attendent'), text.split('VOI-2026-00042').length - 1]).toEqual([false, 2])
})

test('what the application refuses is shown and not tried again by itself, only when an agent says so', async () => {
  await using platform = await connected()
  const agent = await platform.as('agent')
  answerAs(platform, 'it will not have one')
  await report(platform.tenant().visitor, 'Nulle part')
  await platform.advance(5 * MINUTE_MS)
  expect((await page(agent, '/gestion')).text).toContain('Unknown place')
  await platform.advance(60 * MINUTE_MS)
  expect(platform.outside.requests).toHaveLength(1)
  answerAs(platform, 'it takes a report')
  expect((await agent.submit(`${APP}/gestion/relancer`, {}, `${APP}/gestion`)).status).toBe(303)
  await platform.advance(5 * MINUTE_MS)
  expect((await page(agent, '/gestion')).text).toContain('VOI-2026-00042')
})

test('a wrong key, an application that never answers, or none: reports wait', async () => {
  await using platform = await connected()
  answerAs(platform, 'the key is wrong')
  await report(platform.tenant().visitor, 'Rue A')
  await platform.advance(5 * MINUTE_MS)
  expect((await page(await platform.as('agent'), '/gestion')).text).toContain('Invalid token')
  platform.outside.answer(() => { throw new TypeError('fetch failed') })
  await platform.advance(5 * MINUTE_MS)
  const { text } = await page(await platform.as('agent'), '/gestion')
  expect([text.includes('1 signalement attend'), text.includes('VOI-')]).toEqual([true, false])

  await using refused = await startTestPlatform({ plugins: [plugin], demo: true })
  await refused.platform.consentDesk.decide(refused.tenant().id, plugin.id, { refuse: ['net:voirie.example.org'] }, OPERATOR)
  await refused.advance(60 * MINUTE_MS)
  expect(refused.outside.requests).toEqual([])
  expect((await page(await refused.as('agent'), '/gestion')).text).toContain('Aucune application n’est reliée')
})
