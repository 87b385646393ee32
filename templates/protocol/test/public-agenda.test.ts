import { startTestPlatform, type TestAnswer, type TestClient } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import plugin from '../src/plugin.tsx'

const APP = '/apps/agenda-public'
// Typed as time in Paris.
const COUNCIL = { title: 'Conseil municipal', place: 'Salle du conseil', startsAt: '2026-03-12T18:30', endsAt: '2026-03-12T20:30' }

const page = (client: TestClient, path: string): Promise<TestAnswer> => client.get(APP + path, { headers: { accept: 'text/html' } })
const feed = (client: TestClient, headers: Readonly<Record<string, string>> = {}): Promise<TestAnswer> => client.get(`${APP}/agenda.ics`, { headers: { accept: 'text/calendar', ...headers } })
const add = (agent: TestClient, fields = {}): Promise<TestAnswer> => agent.submit(`${APP}/gestion/nouveau`, { ...COUNCIL, ...fields })

test('a date that an agent adds is on the page and in the feed, at the time of Paris', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin], tenants: 2 })
  const [agent, { visitor }] = [await platform.as('agent'), platform.tenant()]
  expect((await add(agent)).headers['location']).toBe(`${APP}/gestion`)
  const answer = await feed(visitor)
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8'])
  expect(['SUMMARY:Conseil municipal', 'DTSTART:20260312T173000Z', 'LOCATION:Salle du conseil'].filter((line) => !answer.text.includes(`${line}\r\n`))).toEqual([])
  expect((await page(visitor, '/')).text).toContain('Conseil municipal')
  expect((await feed(platform.tenant(1).visitor)).text).not.toContain('Conseil')
})

test('who has the newest feed gets no other; a change is another one', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin] })
  const [agent, { visitor }] = [await platform.as('agent'), platform.tenant()]
  await add(agent)
  const { headers: { etag = '' } } = await feed(visitor)
  expect((await feed(visitor, { 'if-none-match': etag })).status).toBe(304)
  const id = /UID:([\w-]+)@/.exec((await feed(visitor)).text)?.[1] ?? ''
  expect((await agent.submit(`${APP}/gestion/dates/${id}/annuler`, {}, `${APP}/gestion`)).status).toBe(303)
  const changed = await feed(visitor, { 'if-none-match': etag })
  expect([changed.status, changed.text.includes('STATUS:CANCELLED'), changed.text.includes('SEQUENCE:1')]).toEqual([200, true, true])
  expect((await agent.submit(`${APP}/gestion/dates/${id}/annuler`, {}, `${APP}/gestion/nouveau`)).status).toBe(404)
})

test('only agents write; what does not fit is said', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin] })
  expect([(await page(await platform.as('citizen'), '/gestion')).status, (await page(platform.tenant().visitor, '/gestion/nouveau')).status]).toEqual([403, 303])
  const wrong = await add(await platform.as('agent'), { endsAt: '2026-03-12T17:00' })
  expect([wrong.status, wrong.text.includes('La fin vient après le début')]).toEqual([422, true])
})

test('the demonstration fills page and feed', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin], demo: true })
  expect((await feed(platform.tenant().visitor)).text.match(/BEGIN:VEVENT/g)).toHaveLength(4)
})
