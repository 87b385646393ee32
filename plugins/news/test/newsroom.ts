import { startTestPlatform, type TestAnswer, type TestClient, type TestPlatform } from '@liberacces/certification/testing'
import directory from '@liberacces/plugin-directory'
import { definePlugin, Type } from '@liberacces/sdk'
import { ArticleExpired, ArticlePublished, ArticleWithdrawn } from '../src/contract.ts'
import news from '../src/plugin.tsx'

/** What another plugin was told, in the order it was told. */
export type Heard = readonly (readonly [event: 'published' | 'withdrawn' | 'expired', data: Readonly<Record<string, unknown>>])[]

/** A kernel with the news, the directory, and a plugin that listens to the news. */
export async function startNewsroom(options: { readonly tenants?: number; readonly demo?: boolean } = {}): Promise<TestPlatform & { readonly heard: Heard }> {
  const heard: [Heard[number][0], Heard[number][1]][] = []
  const listener = definePlugin()({
    id: 'fr.liberacces.news-listener', version: '1.0.0', path: 'news-listener', sdk: '^0.1.0', license: 'MIT', runtime: 'inline',
    title: { fr: 'Écoute' }, publisher: { name: 'Test', contact: 'test' }, scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} },
    settings: Type.Object({}),
    setup(k) {
      k.on(ArticlePublished, async (_c, { data }) => { heard.push(['published', data]) })
      k.on(ArticleWithdrawn, async (_c, { data }) => { heard.push(['withdrawn', data]) })
      k.on(ArticleExpired, async (_c, { data }) => { heard.push(['expired', data]) })
    },
  })
  const platform = await startTestPlatform({ plugins: [directory, news, listener], ...options })
  return Object.assign(platform, { heard })
}

/** Where the news live on a tenant. */
export const NEWS = '/apps/actualites'

/** An article's fields in the agents' form. */
export const FORM = { title: 'Le marché s’agrandit', category: 'economie', summary: 'Cinq étals de plus.', body: 'De **8 h** à 13 h.' } as const

/** A page as a browser asks for it. */
export function page(client: TestClient, path: string): Promise<TestAnswer> {
  return client.get(NEWS + path, { headers: { accept: 'text/html' } })
}

/** Writes a draft in the agents' form; its id. */
export async function write(agent: TestClient, fields: Parameters<TestClient['submit']>[1] = {}): Promise<string> {
  const answer = await agent.submit(`${NEWS}/gestion/nouveau`, { ...FORM, ...fields })
  const id = /\/gestion\/articles\/([^/?]+)$/.exec(answer.headers['location'] ?? '')?.[1]
  if (id === undefined) throw new Error(`No article was written: ${answer.status} ${answer.text}`)
  return id
}

/** Presses a button of an article's page. */
export function press(agent: TestClient, id: string, button: string): Promise<TestAnswer> {
  return agent.submit(`${NEWS}/gestion/articles/${id}/${button}`, {}, `${NEWS}/gestion/articles/${id}`)
}

/** Status of an article's page, API answer, image and feed entry for someone: `true` where they see it. */
export async function sees(client: TestClient, id: string, slug = 'le-marche-s-agrandit'): Promise<Readonly<Record<'page' | 'api' | 'list' | 'feed', boolean>>> {
  return {
    page: (await page(client, `/articles/${slug}`)).status === 200,
    api: (await client.get(`${NEWS}/api/articles/${id}`)).status === 200,
    list: (await page(client, '/')).text.includes(`/articles/${slug}"`),
    feed: (await client.get(`${NEWS}/feed.atom`)).text.includes(`urn:uuid:${id}`),
  }
}

/** Seen everywhere, and nowhere. */
export const EVERYWHERE = { page: true, api: true, list: true, feed: true } as const
export const NOWHERE = { page: false, api: false, list: false, feed: false } as const
