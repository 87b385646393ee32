import { TEST_START } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import { isPinned } from '../src/article.ts'
import { FORM, NEWS, page, press, startNewsroom, write } from './newsroom.ts'

const HOUR = 3_600_000
/** Wall time in Paris, an hour ahead of UTC in March, as a browser sends it. */
const local = (ms: number): string => new Date(TEST_START + ms + HOUR).toISOString().slice(0, 16)
const titlesIn = (text: string): readonly string[] => [...text.matchAll(/la-card-title"><a[^>]*>([^<]+)</g)].map(([, title = '']) => title)

test('an article at the top of the page stands before newer ones until its date, with a badge, on the Guichet alone', async () => {
  await using platform = await startNewsroom()
  const { visitor } = platform.tenant()
  const agent = await platform.as('agent')
  const pinned = await write(agent, { title: 'Conseil municipal', pinnedUntil: local(48 * HOUR) })
  await press(agent, pinned, 'publier')
  await platform.advance(HOUR)
  for (const title of ['Travaux', 'Marché']) await press(agent, await write(agent, { title }), 'publier').then(() => platform.advance(HOUR))

  const list = await page(visitor, '/')
  expect(titlesIn(list.text)).toEqual(['Conseil municipal', 'Marché', 'Travaux'])
  expect(list.text.match(/À la une/g)).toHaveLength(1)
  expect(titlesIn((await visitor.get('/', { headers: { accept: 'text/html' } })).text)).toEqual(['Conseil municipal', 'Marché', 'Travaux'])
  expect((await page(agent, `/gestion/articles/${pinned}`)).text).toContain('À la une jusqu’au')
  expect((await page(agent, '/gestion')).text.match(/À la une/g)).toHaveLength(1)
  // Who follows goes on seeing what is new first.
  const { items } = (await visitor.get(`${NEWS}/api/articles`)).json<{ readonly items: readonly { readonly title: string; readonly pinnedUntil: string | null }[] }>()
  expect(items.map(({ title, pinnedUntil }) => [title, pinnedUntil])).toEqual([['Marché', null], ['Travaux', null], ['Conseil municipal', new Date(TEST_START + 48 * HOUR).toISOString()]])
  expect([...(await visitor.get(`${NEWS}/feed.atom`)).text.matchAll(/<title[^>]*>([^<]+)<\/title>/g)].map(([, title]) => title).slice(1)).toEqual(['Marché', 'Travaux', 'Conseil municipal'])

  await platform.advance(48 * HOUR)
  expect(titlesIn((await page(visitor, '/')).text)).toEqual(['Marché', 'Travaux', 'Conseil municipal'])
})

test('pages go on where the last one ended, however many are at the top', async () => {
  await using platform = await startNewsroom()
  const { visitor } = platform.tenant()
  const agent = await platform.as('agent')
  const titles = Array.from({ length: 23 }, (_, index) => `Article ${index}`)
  for (const [index, title] of titles.entries()) await press(agent, await write(agent, { title, ...(index % 2 === 0 && index < 24 ? { pinnedUntil: local(48 * HOUR) } : {}) }), 'publier')
  const seen = [...titlesIn((await page(visitor, '/')).text), ...titlesIn((await page(visitor, '/?page=2')).text), ...titlesIn((await page(visitor, '/?page=3')).text)]
  expect(seen).toHaveLength(titles.length)
  expect(new Set(seen)).toEqual(new Set(titles))
  expect(seen.slice(0, 12).every((title) => Number(title.split(' ')[1]) % 2 === 0)).toBe(true)
})

test('the date is kept by the form, changed and taken away by the API, and refused where nobody can mean it', async () => {
  await using platform = await startNewsroom()
  const agent = await platform.as('agent')
  const id = await write(agent, { pinnedUntil: local(48 * HOUR) })
  const edit = `${NEWS}/gestion/articles/${id}/modifier`
  expect((await agent.get(edit, { headers: { accept: 'text/html' } })).text).toContain(`value="${local(48 * HOUR)}"`)
  expect((await agent.submit(edit, { ...FORM, version: '1', pinnedUntil: '1999-01-01T00:00' })).text).toContain('choisissez une année')
  const until = new Date(TEST_START + HOUR).toISOString()
  expect((await agent.send('PATCH', `${NEWS}/api/articles/${id}`, { json: { pinnedUntil: until } })).json()).toMatchObject({ pinnedUntil: until })
  expect((await agent.send('PATCH', `${NEWS}/api/articles/${id}`, { json: { title: 'Autre' } })).json()).toMatchObject({ pinnedUntil: until })
  expect((await agent.send('PATCH', `${NEWS}/api/articles/${id}`, { json: { pinnedUntil: null } })).json()).toMatchObject({ pinnedUntil: null })
})

test('the date itself is no longer within', () => {
  const date = new Date(TEST_START)
  expect([isPinned(undefined, date), isPinned(date, new Date(TEST_START - 1)), isPinned(date, date)]).toEqual([false, true, false])
})
