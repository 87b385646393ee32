import { openBrowser } from '@liberacces/certification/browser'
import { startTestPlatform, type TestPlatform } from '@liberacces/certification/testing'
import { definePlugin, type Plugin } from '@liberacces/sdk'
import { createPlatform, givenPlugin, readConfig } from '@liberacces/core'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logInByBrowser } from './browser-login.ts'
import { OPERATOR, PASSWORD } from './kernel-kit.ts'
import { REACHING, scriptedPlugin } from './scripted-plugins.tsx'

const SHOWS = "document.getElementById('told').textContent = 'vivant ' + (navigator.onLine ? 'en ligne' : 'hors ligne')"

let browser: Browser
let kit: TestPlatform

beforeAll(async () => {
  browser = await openBrowser()
  kit = await startTestPlatform({
    plugins: [scriptedPlugin('eins'), scriptedPlugin('zwei'), scriptedPlugin('drei', 'optional')],
    scripts: { 'fr.test.eins': { main: REACHING }, 'fr.test.zwei': { main: SHOWS }, 'fr.test.drei': { main: SHOWS } },
  })
  await kit.platform.accounts.create(kit.tenant().id, { login: 'paul', name: 'Paul Roux', password: PASSWORD, roles: ['agent', 'tenant-admin'] }, OPERATOR)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await kit?.[Symbol.asyncDispose]()
})

const logIn = () => logInByBrowser(browser, `${kit.tenant().host}:${kit.port}`, 'paul')
const at = (path: string): string => `http://${kit.tenant().host}:${kit.port}${path}`

test('[W11] a script comes from the plugin\'s own address, kept for ever under its hash, and with the page that asks for it alone', async () => {
  const agent = await kit.as('agent')
  const page = await agent.get('/apps/zwei/liste')
  const src = /src="(\/apps\/zwei\/_browser\/[0-9a-f]{16}\/main\.js)"/.exec(page.text)?.[1] ?? ''
  const script = await agent.get(src)
  expect([script.status, script.text, script.headers['content-type'], script.headers['cache-control'], script.headers['x-content-type-options']])
    .toEqual([200, SHOWS, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', 'nosniff'])
  expect(page.text.match(/<script/g)).toHaveLength(2)
  expect(page.text).not.toContain('/assets/turbo')
  expect([(await agent.get(src.replace(/[0-9a-f]{16}/, '0'.repeat(16)))).status, (await agent.get('/apps/zwei/_browser/main.js')).status]).toEqual([404, 404])
  const plain = await agent.get('/apps/zwei/simple')
  expect(plain.text).not.toContain('_browser')
  expect([plain.headers['content-security-policy'], plain.headers['permissions-policy']]).toEqual([expect.stringContaining("script-src 'self'"), expect.stringContaining('camera=()')])
  expect(page.headers['permissions-policy']).toContain('camera=(self)')
})

test('[W12] whoever is logged in, a script reaches its plugin\'s own addresses and nothing else of the commune', async () => {
  const { page, context } = await logIn()
  await page.goto(at('/apps/eins/liste'))
  await page.waitForFunction(() => globalThis.document.getElementById('told')?.textContent !== 'rien')
  expect(JSON.parse(await page.locator('#told').innerText())).toEqual({
    'own': 'eins', 'other': 'refused', 'administration': 'refused', 'upwards': 'refused', 'elsewhere': 'refused', 'beacon': 'refused', 'window': 'refused', 'frame': 'refused', 'blank frame': 'refused',
    'script': 'refused', 'inline': 'refused', 'eval': 'refused', 'html': 'refused', 'module': 'refused', 'worker': 'refused', 'service worker': 'refused', 'policy': 'refused', 'form': 'refused', 'cookie': 'refused',
  })
  await context.close()
})

test('[W13] without consent to an optional scope a page is whole, runs nothing, and has the policy of any other', async () => {
  const agent = await kit.as('agent')
  const { consents } = kit.platform
  const manifest = kit.platform.catalogue.manifest('fr.test.drei', '1.0.0')
  if (manifest === undefined) throw new Error('It is not there.')
  expect((await agent.get('/apps/drei/liste')).text).toContain('_browser')
  await consents.decide(kit.tenant().id, manifest, { accept: [], refuse: ['browser'] }, OPERATOR)
  const page = await agent.get('/apps/drei/liste')
  expect([page.status, page.text.includes('_browser'), page.headers['content-security-policy']]).toEqual([200, false, expect.stringContaining("script-src 'self'")])
  expect((await agent.get('/apps/drei/_offline.js')).status).toBe(404)
})

test('[W14] a page that asks for it is shown again without a network, under the same policy, until somebody logs out', async () => {
  const { page, context } = await logIn()
  await page.goto(at('/apps/zwei/liste?n=7'))
  await expect.poll(() => kept(page)).toContain('/apps/zwei/liste?n=7')
  await context.setOffline(true)
  await page.goto(at('/apps/zwei/liste?n=7'))
  expect([await page.locator('#told').innerText(), await page.getByText('Vu par Paul Roux').isVisible()]).toEqual(['vivant hors ligne', true])
  expect(await page.evaluate(() => fetch('/apps/zwei/donnees').then(() => 'came', () => 'refused'))).toBe('refused')
  for (const other of ['/apps/zwei/simple', '/bureau']) {
    const window = await context.newPage()
    await expect(window.goto(at(other))).rejects.toThrow(/ERR_(INTERNET_DISCONNECTED|FAILED)/)
    await window.close()
  }
  await context.setOffline(false)
  await page.goto(at('/apps/zwei/liste?n=7'))
  await page.getByRole('button', { name: 'Se déconnecter' }).click()
  await expect.poll(() => kept(page)).toEqual([])
  await context.setOffline(true)
  await expect(page.goto(at('/apps/zwei/liste?n=7'))).rejects.toThrow(/ERR_/)
  await context.close()
})

test('[W15] what scripts of other plugins put among kept pages is not shown, and what is kept they cannot read', async () => {
  const { page, context } = await logIn()
  await page.goto(at('/apps/zwei/liste'))
  await expect.poll(() => kept(page)).toContain('/apps/zwei/liste')
  // As a script of another plugin of the tenant could: the cache belongs to the origin.
  const read = await page.evaluate(async () => {
    const name = (await caches.keys()).find((one) => one.startsWith('liberacces-offline:fr.test.zwei')) ?? ''
    const cache = await caches.open(name)
    const found = await (await cache.match('/apps/zwei/liste'))?.text()
    await cache.put('/apps/zwei/liste?n=1', new Response('<h1>forged</h1>', { headers: { 'liberacces-kept-at': String(Date.now()), 'liberacces-kept-type': 'text/html' } }))
    // A real one under another address.
    const real = await cache.match('/apps/zwei/liste')
    if (real !== undefined) await cache.put('/apps/zwei/liste?n=2', real)
    return found
  })
  expect(read).not.toContain('Paul Roux')
  await context.setOffline(true)
  for (const forged of ['/apps/zwei/liste?n=1', '/apps/zwei/liste?n=2']) {
    // A window each: a browser that shows its own page of errors is not done when it says so.
    const other = await context.newPage()
    await expect(other.goto(at(forged))).rejects.toThrow(/ERR_/)
    await other.close()
  }
  const answer = await page.goto(at('/apps/zwei/liste'))
  expect(answer?.headers()['content-security-policy']).toContain(`connect-src ${kit.tenant().host}:${kit.port}/apps/zwei/;`)
  await context.close()
})

test('[W16] a script for residents, one that is not named, not used, not asked for or not there keeps the plugin out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-scripts-'))
  const made = (id: string, more: object): Plugin => ({ ...scriptedPlugin(id), ...more }) as Plugin
  const forResidents = definePlugin()({
    id: 'fr.test.public', version: '1.0.0', path: 'public', sdk: '*', license: 'MIT', title: { fr: 'x' }, publisher: { name: 'Test', contact: 'x' }, scopes: ['browser'], browser: ['main'], privacy: { stores: [] },
    messages: { fr: { page: 'x' }, en: { page: 'x' } }, setup(k) { k.page({ path: '/_mine', audience: 'public', title: 'page', browser: { script: 'main' } }, (c) => c.notFound()) },
  }) as Plugin
  const script = async (): Promise<Uint8Array> => Buffer.from('')
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'silent' }, folder),
    plugins: [
      { ...givenPlugin(forResidents), browser: script }, { ...givenPlugin(made('unnamed', { browser: ['other'] })), browser: script }, { ...givenPlugin(made('unasked', { scopes: [] })), browser: script },
      givenPlugin(made('missing', {})), { ...givenPlugin(made('large', {})), browser: async () => Buffer.alloc(600_000) },
    ],
  })
  const problems = platform.catalogue.rejected.flatMap((rejection) => rejection.problems.map(({ message }) => message)).toSorted()
  await platform.stop()
  await rm(folder, { recursive: true })
  expect(problems).toEqual([
    'Plugin "fr.test.large" 1.0.0: its script "main" has 600000 bytes, more than 524288.',
    'Plugin "fr.test.missing" 1.0.0: its script "main" is missing in fr.test.missing (given in code).',
    'Plugin "fr.test.public": page "/_mine": addresses that start with "/_" are the platform\'s own.',
    'Plugin "fr.test.public": page /_mine: pages for everybody run no script of a plugin.',
    'Plugin "fr.test.unasked": it has scripts for pages but does not ask for the scope "browser".',
    'Plugin "fr.test.unnamed": browser: no page loads the script "other".',
    'Plugin "fr.test.unnamed": page /liste: its script "main" is not named in "browser".',
  ])
})

/** Addresses of the pages that are kept. */
function kept(page: Awaited<ReturnType<typeof logIn>>['page']): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const found: string[] = []
    for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) found.push(url.slice(globalThis.location.origin.length))
    return found.filter((path) => path.startsWith('/apps/') && !path.includes('_browser'))
  })
}
