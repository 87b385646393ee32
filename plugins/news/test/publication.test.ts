import { TEST_START } from '@liberacces/certification/testing'
import { describe, expect, test } from 'vitest'
import { ArticleDue } from '../src/article-due.ts'
import { EVERYWHERE, FORM, NEWS, NOWHERE, page, press, sees, startNewsroom, write } from './newsroom.ts'

const HOUR = 3_600_000
const instant = (ms: number): string => new Date(TEST_START + ms).toISOString()
/** Wall time in Paris, an hour ahead of UTC in March, as a browser sends it. */
const local = (ms: number): string => new Date(TEST_START + ms + HOUR).toISOString().slice(0, 16)

describe('an article', () => {
  test('is a draft until published, then everyone sees it, until it is withdrawn', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const id = await write(agent)
    expect(await sees(visitor, id)).toEqual(NOWHERE)
    expect(await sees(agent, id)).toEqual({ ...NOWHERE, page: true, api: true })

    await press(agent, id, 'publier')
    expect(await sees(visitor, id)).toEqual(EVERYWHERE)
    await press(agent, id, 'retirer')
    expect(await sees(visitor, id)).toEqual(NOWHERE)

    await platform.settle()
    expect(platform.heard).toEqual([
      ['published', { id, title: FORM.title, category: FORM.category, publishedAt: instant(0), url: expect.stringMatching(/^http:\/\/commune-1\.localhost.*\/apps\/actualites\/articles\/le-marche-s-agrandit$/) }],
      ['withdrawn', { id, withdrawnAt: instant(0), reason: 'withdrawn' }],
    ])
  })

  test('is published once: pressing again says why not', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const id = await write(agent)
    await press(agent, id, 'publier')
    const again = await press(agent, id, 'publier')
    expect(again.headers['location']).toBe(`${NEWS}/gestion/articles/${id}?refused=already-published`)
    expect((await page(agent, `/gestion/articles/${id}?refused=already-published`)).text).toContain('L’article est déjà en ligne.')
    await platform.settle()
    expect(platform.heard).toHaveLength(1)
  })

  test('scheduled appears at its minute even before the platform has noticed, and is announced once', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const id = await write(agent, { publishAt: local(48 * HOUR) })
    await press(agent, id, 'programmer')
    platform.outside.advance(48 * HOUR - 1)
    expect(await sees(visitor, id)).toEqual(NOWHERE)
    platform.outside.advance(1)
    expect(await sees(visitor, id)).toEqual(EVERYWHERE)

    await platform.settle()
    await platform.tenant().deliver(ArticleDue, { id, due: 'publication', at: instant(48 * HOUR) }, { twice: true })
    await platform.settle()
    expect(platform.heard.map(([event]) => event)).toEqual(['published'])
  })

  test('whose date has moved is not published by the old reminder', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const id = await write(agent, { publishAt: local(24 * HOUR) })
    await press(agent, id, 'programmer')
    const edit = `${NEWS}/gestion/articles/${id}/modifier`
    expect((await agent.submit(edit, { ...FORM, version: '2', publishAt: local(72 * HOUR) })).status).toBe(303)
    await platform.advance(24 * HOUR)
    expect(platform.heard).toEqual([])
    expect(await sees(visitor, id)).toEqual(NOWHERE)
    await platform.advance(48 * HOUR)
    expect(platform.heard.map(([event, { publishedAt }]) => [event, publishedAt])).toEqual([['published', instant(72 * HOUR)]])
  })

  test('withdrawn before its date does not appear', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const id = await write(agent, { publishAt: local(24 * HOUR) })
    await press(agent, id, 'programmer')
    await press(agent, id, 'retirer')
    await platform.advance(25 * HOUR)
    expect(await sees(visitor, id)).toEqual(NOWHERE)
    expect(platform.heard.map(([event]) => event)).toEqual(['withdrawn'])
  })

  test('leaves at its end, and that is announced', async () => {
    await using platform = await startNewsroom()
    const { visitor } = platform.tenant()
    const agent = await platform.as('agent')
    const id = await write(agent, { expiresAt: local(24 * HOUR) })
    await press(agent, id, 'publier')
    platform.outside.advance(24 * HOUR - 1)
    expect(await sees(visitor, id)).toEqual(EVERYWHERE)
    platform.outside.advance(1)
    expect(await sees(visitor, id)).toEqual(NOWHERE)
    await platform.settle()
    expect(platform.heard.map(([event]) => event)).toEqual(['published', 'expired'])
  })

  test('planned before a power cut appears after it, once', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const id = await write(agent, { publishAt: local(24 * HOUR) })
    await press(agent, id, 'programmer')
    await platform.crash()
    await platform.advance(24 * HOUR)
    await platform.crash()
    await platform.settle()
    expect(platform.heard.map(([event]) => event)).toEqual(['published'])
    expect(await sees(platform.tenant().visitor, id)).toEqual(EVERYWHERE)
  })

  test('of one collectivité is unknown to the others', async () => {
    await using platform = await startNewsroom({ tenants: 2 })
    const agent = await platform.as('agent')
    const id = await write(agent)
    await press(agent, id, 'publier')
    expect(await sees(platform.tenant(1).visitor, id)).toEqual(NOWHERE)
  })
})

describe('who may do what', () => {
  test('visitors and citizens do not reach the agents’ pages or API', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent')
    const id = await write(agent)
    const citizen = await platform.as('citizen')
    const paths = ['/gestion', '/gestion/nouveau', `/gestion/articles/${id}`, `/gestion/articles/${id}/modifier`]
    for (const path of paths) expect([path, (await citizen.get(NEWS + path)).status]).toEqual([path, 403])
    for (const path of paths) expect([path, (await platform.tenant().visitor.get(NEWS + path)).headers['location']]).toEqual([path, expect.stringMatching(/^\/auth\/login/)])
    const article = { ...FORM }
    expect((await citizen.post(`${NEWS}/api/articles`, article)).status).toBe(403)
    expect((await platform.tenant().visitor.post(`${NEWS}/api/articles`, article)).status).toBe(401)
    expect((await citizen.send('DELETE', `${NEWS}/api/articles/${id}`)).status).toBe(403)
  })

  test('who may write but not publish changes drafts, and nothing that readers see', async () => {
    await using platform = await startNewsroom()
    const { id: tenantId } = platform.tenant()
    await platform.platform.roles.decide(tenantId, [{ role: 'agent', permission: 'fr.liberacces.news/article.publish', granted: false }], { kind: 'operator', id: 'test', name: 'Test' })
    const writer = await platform.as('agent')
    const editor = await platform.as(['agent', 'agent.communication'])
    const id = await write(writer)
    const edit = `${NEWS}/gestion/articles/${id}/modifier`
    expect((await writer.submit(edit, { ...FORM, title: 'Mieux', version: '1' })).headers['location']).toBe(`${NEWS}/gestion/articles/${id}`)
    expect((await press(writer, id, 'publier')).status).toBe(403)

    expect((await press(editor, id, 'publier')).status).toBe(303)
    const refused = `${NEWS}/gestion/articles/${id}?refused=publish-right`
    expect((await writer.submit(edit, { ...FORM, title: 'Pire', version: '3' })).headers['location']).toBe(refused)
    expect((await press(writer, id, 'supprimer')).headers['location']).toBe(refused)
    expect((await writer.send('DELETE', `${NEWS}/api/articles/${id}`)).json()).toMatchObject({ status: 403, code: 'publish-right' })
    expect((await platform.tenant().visitor.get(`${NEWS}/api/articles/${id}`)).json()).toMatchObject({ title: 'Mieux' })
  })

  test('publishing, withdrawing and deleting are in the audit trail, with the person', async () => {
    await using platform = await startNewsroom()
    const agent = await platform.as('agent', 'Paul Agent')
    const id = await write(agent)
    for (const button of ['publier', 'retirer', 'supprimer']) await press(agent, id, button)
    const records = await platform.platform.audit.list(platform.tenant().id, { limit: 50 })
    expect(records.filter(({ target }) => target === id).map(({ action, actor }) => [action, actor.name]).toReversed()).toEqual([
      ['article.published', 'Paul Agent'], ['article.withdrawn', 'Paul Agent'], ['article.deleted', 'Paul Agent'],
    ])
  })
})
