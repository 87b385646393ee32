import { expect, test } from 'vitest'
import type { TestClient } from '../../src/testing/test-client.ts'
import { BY, exported, makeCommune, makePool, openPlace, type Place } from './leaving-kit.ts'

const PUBLIC = ['/', '/apps/actualites/', '/apps/actualites/feed.atom', '/apps/annuaire/', '/mentions-legales', '/accessibilite', '/openapi.json']
const AGENT = ['/bureau', '/apps/actualites/gestion', '/apps/annuaire/gestion']

/** What a page says, without where it is: host and port, one-time tokens and traces. */
function said(text: string, { port }: Place, domain: string): string {
  return text
    .replaceAll(`:${port}`, ':PORT').replaceAll(`.${domain}`, '.DOMAIN')
    .replaceAll(/name="_csrf" value="[^"]+"/g, 'CSRF').replaceAll(/content="[^"]+" name="csrf-token"|name="csrf-token" content="[^"]+"/g, 'CSRF')
    .replaceAll('Pool d’essai', 'POOL').replaceAll('Autre Pool', 'POOL')
    .replaceAll(/"traceId":"[0-9a-f]+"/g, 'TRACE')
}

async function pagesOf(client: TestClient, paths: readonly string[], place: Place, domain: string) {
  const found: Record<string, { readonly status: number; readonly text: string }> = {}
  for (const path of paths) {
    const { status, text } = await client.get(path, { headers: { accept: 'text/html' } })
    found[path] = { status, text: said(text, place, domain) }
  }
  return found
}

/** Pages of plugins that these pages link to: each article, person, service and association. */
function linkedFrom(pages: Awaited<ReturnType<typeof pagesOf>>): readonly string[] {
  const links = Object.values(pages).flatMap(({ text }) => [...text.matchAll(/href="(\/apps\/[^"#]+)"/g)].map(([, path = '']) => path.replaceAll('&amp;', '&')))
  return [...new Set(links)].filter((path) => pages[path] === undefined)
}

/** Pages that are not the same, each with the place from which on they differ. */
function differing(after: Awaited<ReturnType<typeof pagesOf>>, before: Awaited<ReturnType<typeof pagesOf>>): readonly string[] {
  return Object.entries(before).flatMap(([path, page]) => {
    const other = after[path]
    if (other?.status === page.status && other.text === page.text) return []
    const from = Array.from({ length: page.text.length }, (_, index) => index).find((index) => other?.text[index] !== page.text[index]) ?? 0
    return [`${path}: ${page.status} ${page.text.slice(Math.max(0, from - 80), from + 80)} | ${other?.status} ${other?.text.slice(Math.max(0, from - 80), from + 80)}`]
  })
}

test('[X5] a commune that leaves is at the new place what it was: pages, feed, files, logins, ids', { timeout: 60_000 }, async () => {
  const from = await openPlace()
  const id = await makeCommune(from)
  const to = await openPlace({ domain: 'ailleurs.localhost' })
  await makePool(to)
  const file = await exported(from)
  const before = await pagesOf(from.client('aytre'), PUBLIC, from, 'localhost')
  const { tenant, plugins } = await to.platform.leaving.import({ file }, BY)

  expect(tenant).toMatchObject({ id, hosts: ['aytre.ailleurs.localhost', 'www.aytre.example.fr'], info: { slug: 'aytre', insee: '17028' } })
  expect(plugins.map((plugin) => [plugin.id, plugin.version === plugin.before])).toEqual(expect.arrayContaining([['fr.liberacces.news', true], ['fr.liberacces.directory', true]]))
  const after = await pagesOf(to.client('aytre'), PUBLIC, to, 'ailleurs.localhost')
  expect(before['/']?.status).toBe(200)
  expect(before['/apps/actualites/feed.atom']?.text).toContain('<entry>')
  expect(differing(after, before)).toEqual([])
  const linked = await pagesOf(from.client('aytre'), linkedFrom(before), from, 'localhost')
  expect(['/apps/actualites/articles/', '/apps/annuaire/'].map((start) => Object.keys(linked).filter((path) => path.startsWith(start)).length > 3)).toEqual([true, true])
  // What is for who is logged in leads a visitor to the login.
  expect(Object.entries(linked).filter(([path, { status }]) => status !== (/^\/apps\/(?:familles|cantine)\/(?!menus)/.test(path) ? 303 : 200)).map(([path, { status }]) => `${path} ${status}`)).toEqual([])
  expect(differing(await pagesOf(to.client('aytre'), Object.keys(linked), to, 'ailleurs.localhost'), linked)).toEqual([])

  const old = await from.login('aytre', 'agent')
  const now = await to.login('aytre', 'agent')
  expect([old.status, now.status]).toEqual([200, 200])
  const inside = await pagesOf(old.client, AGENT, from, 'localhost')
  expect(inside['/bureau']?.status).toBe(200)
  expect(differing(await pagesOf(now.client, AGENT, to, 'ailleurs.localhost'), inside)).toEqual([])
  expect((await to.login('aytre', 'agent', 'another-long-password')).status).toBe(401)

  const images = [...new Set([...before['/apps/actualites/']?.text.matchAll(/src="(\/apps\/actualites\/images\/[^"]+)"/g) ?? []].map(([, path]) => path ?? ''))]
  expect(images.length).toBeGreaterThan(0)
  for (const path of images) {
    const [one, other] = [await from.client('aytre').get(path), await to.client('aytre').get(path)]
    expect([other.status, other.bytes.equals(one.bytes)]).toEqual([200, true])
  }
  const accounts = async ({ platform }: Place) => (await platform.accounts.list(id, { limit: 100 })).accounts.map((account) => [account.id, account.login])
  expect(await accounts(to)).toEqual(await accounts(from))
  expect((await to.platform.audit.list(id, { limit: 500 })).map(({ action }) => action)).toEqual(expect.arrayContaining(['tenant.created', 'plugin.enabled', 'tenant.imported', 'account.created']))
})
