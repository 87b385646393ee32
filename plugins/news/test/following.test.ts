import { TEST_START } from '@liberacces/certification/testing'
import { describe, expect, test } from 'vitest'
import plugin from '../src/plugin.tsx'
import { privacy } from '../src/privacy.ts'
import { FORM, NEWS, page, press, startNewsroom, write } from './newsroom.ts'

const DAY_MS = 86_400_000

interface Article { readonly id: string; readonly status: string; readonly version: number; readonly slug: string; readonly author: string }

describe('the API', () => {
  test('writes, changes, publishes, lists and deletes', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent', 'Paul Agent')
    const created = await agent.post(`${NEWS}/api/articles`, FORM)
    const { id, ...article } = created.json<Article>()
    expect([created.status, created.headers['location'], article.status, article.author]).toEqual([201, `${NEWS}/api/articles/${id}`, 'draft', 'Paul Agent'])
    expect((await visitor.get(`${NEWS}/api/articles/${id}`)).status).toBe(404)

    const changed = await agent.send('PATCH', `${NEWS}/api/articles/${id}`, { json: { title: 'Autre', version: 1 } })
    expect(changed.json()).toMatchObject({ title: 'Autre', summary: FORM.summary, version: 2 })
    const late = await agent.send('PATCH', `${NEWS}/api/articles/${id}`, { json: { title: 'Encore', version: 1 } })
    expect([late.status, late.headers['content-type'], late.json()]).toEqual([409, 'application/problem+json; charset=utf-8', expect.objectContaining({ code: 'changed-meanwhile', status: 409 })])

    expect((await agent.send('POST', `${NEWS}/api/articles/${id}/publish`)).json()).toMatchObject({ status: 'published' })
    expect((await agent.send('POST', `${NEWS}/api/articles/${id}/publish`)).json()).toMatchObject({ code: 'already-published' })
    expect((await visitor.get(`${NEWS}/api/articles?category=economie`)).json()).toMatchObject({ total: 1, pageCount: 1, items: [{ id, title: 'Autre' }] })
    expect((await visitor.get(`${NEWS}/api/articles?category=sport`)).json()).toMatchObject({ total: 0, items: [] })

    expect((await agent.send('DELETE', `${NEWS}/api/articles/${id}`)).status).toBe(204)
    expect((await agent.send('DELETE', `${NEWS}/api/articles/${id}`)).status).toBe(404)
    await platform.settle()
    expect(platform.heard.map(([event]) => event)).toEqual(['published', 'withdrawn'])
  })

  test('names every wrong field', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const answer = await agent.post(`${NEWS}/api/articles`, { ...FORM, title: ' ', body: '\n', expiresAt: '2026-03-01T00:00:00Z', publishAt: '2026-03-02T00:00:00Z' })
    expect([answer.status, Object.keys(answer.json<{ readonly errors: object }>().errors)]).toEqual([422, ['title', 'body', 'expiresAt']])
  })
})

describe('the feed', () => {
  test('is not sent again to a reader who has it', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const feed = `${NEWS}/feed.atom`
    const empty = await visitor.get(feed)
    expect([empty.status, empty.headers['content-type'], empty.headers['cache-control']]).toEqual([200, 'application/atom+xml; charset=utf-8', 'public, max-age=300'])
    const again = { headers: { 'if-none-match': empty.headers['etag'] ?? '' } }
    expect((await visitor.get(feed, again)).status).toBe(304)
    await press(agent, await write(agent), 'publier')
    expect((await visitor.get(feed, again)).status).toBe(200)
  })
})

describe('the demonstration', () => {
  test('shows articles of every state, a picture and a document that readers can open', async () => {
    await using platform = await startNewsroom({ demo: true })
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const list = await page(visitor, '/')
    const image = /src="([^"]+\/images\/[^"]+)"/.exec(list.text)?.[1] ?? ''
    expect((await visitor.get(image)).headers['content-type']).toBe('image/png')
    const states = /<tbody>.*<\/tbody>/s.exec((await page(agent, '/gestion')).text)?.[0] ?? ''
    for (const state of ['Brouillon', 'Programmé', 'En ligne', 'Expiré']) expect(states).toContain(state)
    expect((await visitor.get('/', { headers: { accept: 'text/html' } })).text).toContain(image)
    expect((await agent.get('/bureau', { headers: { accept: 'text/html' } })).text).toContain('1 article programmé')
  })

  test('has authors from the directory', async () => {
    await using platform = await startNewsroom({ demo: true })
    const { visitor } = platform.tenant()
    const slug = /\/articles\/([^"]+)"/.exec((await page(visitor, '/')).text)?.[1] ?? ''
    const author = /href="(\/apps\/annuaire\/[^"]+)"/.exec(/<main.*<\/main>/s.exec((await page(visitor, `/articles/${slug}`)).text)?.[0] ?? '')?.[1] ?? ''
    expect((await visitor.get(author, { headers: { accept: 'text/html' } })).status).toBe(200)
  })
})

describe('the settings', () => {
  test('end articles published without an end, and say how many the home page shows', async () => {
    await using platform = await startNewsroom()
    const { id: tenantId, visitor } = platform.tenant()
    await platform.platform.settings.set(tenantId, plugin.id, { homeCount: 1, lifetimeDays: 2, feedAuthorName: 'Service communication' }, { kind: 'operator', id: 'test', name: 'Test' })
    const agent = await platform.as('agent')
    const [first, second] = [await write(agent), await write(agent)]
    await press(agent, first, 'publier')
    await press(agent, second, 'publier')
    const home = await visitor.get('/', { headers: { accept: 'text/html' } })
    expect(home.text.match(/\/actualites\/articles\//g)).toHaveLength(1)
    expect((await visitor.get(`${NEWS}/feed.atom`)).text).toContain('<author><name>Service communication</name></author>')
    expect((await visitor.get(`${NEWS}/api/articles/${first}`)).json()).toMatchObject({ expiresAt: new Date(TEST_START + 2 * DAY_MS).toISOString() })
    await platform.advance(2 * DAY_MS)
    expect((await visitor.get(`${NEWS}/api/articles`)).json()).toMatchObject({ total: 0 })
  })
})

describe('a person’s data', () => {
  test('is handed over, then forgotten: the article stays, by the town hall', async () => {
    await using platform = await startNewsroom()
    const tenant = platform.tenant()
    const { id: tenantId, visitor } = tenant
    const agent = await platform.as('agent', 'Paul Agent')
    const id = await write(agent)
    await press(agent, id, 'publier')
    const release = platform.platform.installations.modules(tenantId).byId.get(plugin.id)
    if (release === undefined) throw new Error('The plugin is not active.')
    const subject = { id: tenant.accountOf(agent), email: undefined, name: 'Paul Agent' }
    const ask = (body: (c: never) => unknown): Promise<unknown> =>
      platform.platform.runtime.call(release, platform.platform.systemOrigin(tenantId), { what: 'personal data', limitMs: 5_000 }, (c) => body(c as never))
    expect(await ask((c) => privacy.export(c, subject))).toMatchObject({ data: { articles: [{ id, title: FORM.title, author_name: 'Paul Agent' }] } })
    expect(await ask((c) => privacy.erase(c, subject))).toMatchObject({ erased: 1, kept: [{ because: { fr: expect.stringContaining('archives publiques') as string } }] })
    expect(await ask((c) => privacy.export(c, subject))).toMatchObject({ data: { articles: [] } })
    const { text } = await page(visitor, '/articles/le-marche-s-agrandit')
    expect([text.includes('La mairie'), text.includes('Paul Agent')]).toEqual([true, false])
  })
})
