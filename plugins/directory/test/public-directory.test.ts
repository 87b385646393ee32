import { startTestPlatform, type TestClient } from '@liberacces/certification/testing'
import { describe, expect, test } from 'vitest'
import directory from '../src/plugin.tsx'
import { heard, listener } from './listener.ts'

const APP = '/apps/annuaire'
const DAY_MS = 86_400_000
const page = { headers: { accept: 'text/html' } }

const anne = { kind: 'agent', firstName: 'Anne', lastName: 'Le Gœff', role: 'Archiviste', email: 'anne@mairie.example', phone: '05 36 49 12 34', internalPhone: '102', room: 'A101' }

async function add(client: TestClient, person: object): Promise<string> {
  const answer = await client.post(`${APP}/api/persons`, person)
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)])
  return answer.json<{ id: string }>().id
}

describe('the public directory', () => {
  test('shows what the demonstration made up, by kind, and finds it without accents', async () => {
    await using platform = await startTestPlatform({ plugins: [directory], demo: true })
    const { visitor } = platform.tenant()
    const list = await visitor.get(`${APP}/`, page)
    expect([list.status, list.text.includes('<h1>Annuaire</h1>')]).toEqual([200, true])
    const totals = await Promise.all(['service', 'elected', 'agent', 'association'].map(async (kind) => (await visitor.get(`${APP}/api/entries?kind=${kind}`)).json<{ total: number }>().total))
    const all = (await visitor.get(`${APP}/api/entries`)).json<{ total: number }>().total
    expect(totals[1]).toBe(33)
    expect(totals.every((total) => total > 0) && totals.reduce((sum, total) => sum + total) === all).toBe(true)
    const found = (await visitor.get(`${APP}/api/entries?q=ETAT%20civil&kind=service`)).json<{ entries: { name: string; url: string }[] }>().entries
    expect(found.map(({ name }) => name)).toEqual(['Accueil et état civil'])
    expect((await visitor.get(found[0]?.url ?? '', page)).status).toBe(200)
    expect((await visitor.get(`${APP}/elus`, page)).text).toContain('33 membres en fonction')
  })

  test('never shows internal parts: not on the page, in the API, in the vCard, nor to other plugins', async () => {
    await using platform = await startTestPlatform({ plugins: [directory, listener] })
    const id = await add(await platform.as('agent.directory'), anne)
    const { visitor } = platform.tenant()
    const answers = await Promise.all([`${APP}/personnes/${id}`, `${APP}/api/entries/${id}`, `${APP}/personnes/${id}/contact.vcf`, `/apps/ecoute/person?id=${id}`].map((path) => visitor.get(path)))
    expect(answers.map(({ status, text }) => [status, text.includes('Gœff'), /anne@|49 12 34|536491234|A101|>102</.test(text)])).toEqual(Array.from({ length: 4 }, () => [200, true, false]))
    expect(answers[2]?.headers['content-type']).toMatch(/^text\/vcard/)
    expect((await (await platform.as('agent')).get(`${APP}/gestion/personnes/${id}`, page)).text).toContain('A101')
  })

  test('does not know who objected', async () => {
    await using platform = await startTestPlatform({ plugins: [directory, listener] })
    const id = await add(await platform.as('agent.directory'), { ...anne, listed: false })
    const { visitor } = platform.tenant()
    const answers = await Promise.all([`${APP}/personnes/${id}`, `${APP}/api/entries/${id}`, `${APP}/personnes/${id}/contact.vcf`].map(async (path) => (await visitor.get(path)).status))
    expect(answers).toEqual([404, 404, 404])
    expect((await visitor.get(`/apps/ecoute/account?id=x&email=anne@mairie.example`)).json()).toEqual({ answer: null })
    expect((await visitor.get(`${APP}/api/entries?q=goeff`)).json()).toMatchObject({ total: 0, entries: [] })
  })

  test('shows an élu from the first to the last day of the mandate, and announces the end once', async () => {
    await using platform = await startTestPlatform({ plugins: [directory, listener] })
    heard.length = 0
    const editor = await platform.as(['agent', 'agent.directory'])
    const id = await add(editor, { ...anne, kind: 'elected', role: '' })
    const { visitor } = platform.tenant()
    const status = async () => (await visitor.get(`${APP}/personnes/${id}`, page)).status
    expect(await status()).toBe(404)
    const saved = await editor.submit(`${APP}/gestion/personnes/${id}/mandats/ajouter`, { mandateOffice: 'deputy', title: 'Adjointe à la culture', rank: '1', startsOn: '2026-03-03', lastDay: '2026-03-05' })
    expect([saved.status, saved.text]).toEqual([303, expect.any(String)])
    const seen = [await status()]
    for (let day = 3; day <= 7; day += 1) {
      await platform.advance(DAY_MS)
      seen.push(await status())
    }
    // From the 2nd, the day before the mandate, to the 7th.
    expect(seen).toEqual([404, 200, 200, 200, 404, 404])
    expect(heard).toEqual([`person ${id} created`, `person ${id} updated`, `mandate ${id} 2026-03-05`, `person ${id} updated`])
  })

  test('answers other plugins by account, else by e-mail address', async () => {
    await using platform = await startTestPlatform({ plugins: [directory, listener] })
    const editor = await platform.as('agent.directory')
    const id = await add(editor, { ...anne, emailPublic: true })
    const linked = await add(editor, { ...anne, firstName: 'Zoé', email: 'zoe@mairie.example', accountId: 'account-z' })
    const { visitor } = platform.tenant()
    const ask = async (path: string) => (await visitor.get(`/apps/ecoute/${path}`)).json<{ answer: { id?: string } | null }>().answer
    expect([await ask('account?id=account-z'), await ask('account?id=account-a&email=ANNE@mairie.example'), await ask('account?id=account-a&email=zoe@mairie.example'), await ask('account?id=account-a')])
      .toEqual([expect.objectContaining({ id: linked }), expect.objectContaining({ id, email: 'anne@mairie.example' }), null, null])
    expect(await ask('search?text=archiviste%20goeff')).toMatchObject([{ displayName: 'Anne Le Gœff' }, { displayName: 'Zoé Le Gœff' }])
    expect(await ask('search?text=%25_%27')).toEqual([])
  })

  test('keeps collectivités apart', async () => {
    await using platform = await startTestPlatform({ plugins: [directory], tenants: 2 })
    const id = await add(await platform.as('agent.directory'), anne)
    expect((await platform.tenant(0).visitor.get(`${APP}/api/entries/${id}`)).status).toBe(200)
    expect((await platform.tenant(1).visitor.get(`${APP}/api/entries/${id}`)).status).toBe(404)
    expect((await platform.tenant(1).visitor.get(`${APP}/api/entries?q=goeff`)).json()).toMatchObject({ total: 0 })
  })

  test.each(['personnes', 'services', 'associations', 'api/entries'])('hostile ids under /%s are not found, and break nothing', async (folder) => {
    await using platform = await startTestPlatform({ plugins: [directory] })
    const { visitor } = platform.tenant()
    const statuses = await Promise.all(["' OR 1=1 --", '%00', '..%2f..%2fetc', 'é'.repeat(40), '<script>'].map(async (id) => {
      const answer = await visitor.get(`${APP}/${folder}/${id.startsWith('%') || id.startsWith('.') ? id : encodeURIComponent(id)}`)
      return [answer.status >= 400 && answer.status < 500, answer.text.includes('<script>')]
    }))
    expect(statuses).toEqual(Array.from({ length: 5 }, () => [true, false]))
  })

  test('a query that is no query is refused', async () => {
    await using platform = await startTestPlatform({ plugins: [directory] })
    const { visitor } = platform.tenant()
    const statuses = await Promise.all(['page=0', 'page=x', 'kind=mayor', `q=${'x'.repeat(201)}`, 'pageSize=101'].map(async (query) => (await visitor.get(`${APP}/api/entries?${query}`)).status))
    expect(statuses.every((status) => status === 400 || status === 422)).toBe(true)
  })
})
