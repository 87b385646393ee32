import { faultsOf, openBrowser, picture } from '@liberacces/certification/browser'
import { startTestPlatform, type TestPlatform } from '@liberacces/certification/testing'
import { definePlugin, type Plugin } from '@liberacces/sdk'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestClient } from '../../src/testing/test-client.ts'
import { logInByBrowser } from './browser-login.ts'
import { PASSWORD } from './kernel-kit.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const

const made = (id: string, title: string, more: object = {}): Plugin => definePlugin()({
  id: `fr.test.${id}`, version: '1.0.0', path: id, sdk: '*', license: 'MIT', title: { fr: title }, publisher: { name: 'Test', contact: 'x' },
  runtime: 'inline', scopes: ['db'], privacy: { stores: [] }, messages: { fr: {}, en: {} }, setup: () => undefined, ...more,
}) as Plugin
const plugins = [made('agenda', 'Agenda'), made('cantine', 'Restauration scolaire'), made('cimetiere', 'Cimetières', { requires: { 'fr.test.agenda': '*' } })]

let browser: Browser
let kit: TestPlatform

beforeAll(async () => {
  browser = await openBrowser()
  kit = await startTestPlatform({ plugins, tenants: 2 })
  const { accounts, tenants } = kit.platform
  await accounts.create(tenants.pool()!.id, { login: 'claire', name: 'Claire Petit', password: PASSWORD, roles: ['pool-admin'] }, BY)
  await accounts.create(kit.tenant().id, { login: 'paul', name: 'Paul Roux', password: PASSWORD, roles: ['tenant-admin'] }, BY)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await kit?.[Symbol.asyncDispose]()
})

const logIn = async (host: string, login: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => (await logInByBrowser(browser, `${host}:${kit.port}`, login, options)).page

test('[Q11] in the console the Pool limits a commune without any script, sees what is used, and the commune sees what it may', async () => {
  const pool = await logIn('pool.localhost', 'claire', { javaScriptEnabled: false })
  await pool.getByRole('link', { name: 'Commune 1' }).click()
  await pool.getByRole('link', { name: 'Modules accordés et quotas' }).click()
  await picture(pool, 'rights')
  await pool.getByLabel('Restauration scolaire').uncheck()
  await pool.getByRole('button', { name: 'Enregistrer les modules' }).click()
  expect(await pool.getByText('Des modules que vous retirez sont activés.').isVisible()).toBe(true)
  expect(await pool.getByLabel('Restauration scolaire').isChecked()).toBe(false)
  await picture(pool, 'rights-in-use')
  await pool.getByLabel('Désactiver les modules retirés').check()
  await pool.getByRole('button', { name: 'Enregistrer les modules' }).click()
  expect(await pool.getByText('Les modules accordés sont enregistrés.').isVisible()).toBe(true)
  await pool.getByRole('textbox', { name: /^Stockage/ }).fill('beaucoup')
  await pool.getByRole('button', { name: 'Enregistrer les quotas' }).click()
  expect([await pool.getByText('Donnez une taille').first().isVisible(), await pool.getByRole('textbox', { name: /^Stockage/ }).inputValue()]).toEqual([true, 'beaucoup'])
  await picture(pool, 'rights-wrong')
  await pool.getByRole('textbox', { name: /^Stockage/ }).fill('1,5 Go')
  await pool.getByRole('textbox', { name: /^Courriels/ }).fill('10')
  await pool.getByRole('textbox', { name: /^Temps de calcul/ }).fill('15 min')
  await pool.getByRole('button', { name: 'Enregistrer les quotas' }).click()
  expect(await pool.getByText('Les quotas sont enregistrés.').isVisible()).toBe(true)
  expect([await pool.getByRole('textbox', { name: /^Stockage/ }).inputValue(), await pool.getByRole('textbox', { name: /^Temps de calcul/ }).inputValue()]).toEqual(['1500 Mo', '15 min'])
  const { id } = kit.tenant()
  kit.platform.quotas.ledger.take(id, 'mails', 9)
  expect(kit.platform.entitlements.quota(id, 'storage')).toBe(1_500_000_000)

  const paul = await logIn('commune-1.localhost', 'paul')
  await paul.goto(`http://commune-1.localhost:${kit.port}/admin`)
  await paul.getByText('Courriels – Presque épuisé').waitFor()
  await picture(paul, 'admin-home')
  await paul.getByRole('link', { name: 'Voir les quotas' }).click()
  await paul.getByText('Aujourd’hui : 9 courriels sur 10 courriels, soit 90 %.').waitFor()
  await picture(paul, 'quotas')
  await paul.getByRole('link', { name: 'Modules', exact: true }).click()
  await paul.getByText('Le Pool n’accorde pas ce module').waitFor()
  expect(await paul.getByRole('button', { name: 'Activer Restauration scolaire' }).count()).toBe(0)
  await picture(paul, 'modules')
  const audit = await kit.platform.audit.list(id, { limit: 10, search: 'Claire' })
  expect(audit.map(({ action }) => action)).toEqual(expect.arrayContaining(['quota.set', 'plugin.disabled', 'entitlement.decided']))
})

test('[Q11] a module that stays on and needs another keeps it, and the page says so', async () => {
  const pool = await logIn('pool.localhost', 'claire')
  await pool.goto(`http://pool.localhost:${kit.port}/collectivites/commune-2/droits`)
  await pool.getByLabel('Agenda').uncheck()
  await pool.getByLabel('Désactiver les modules retirés').check()
  await pool.getByRole('button', { name: 'Enregistrer les modules' }).click()
  await pool.getByText('un module qui resterait activé a besoin').waitFor()
  expect(kit.platform.entitlements.mayUse(kit.tenant(1).id, 'fr.test.agenda')).toBe(true)
})

test('[Q11] the pages pass axe, in both languages, and fit on 320 px', async () => {
  for (const [locale, width] of [['fr-FR', 1280], ['en-GB', 320]] as const) {
    const options = { locale, viewport: { width, height: 800 } }
    const pool = await (await browser.newContext(options)).newPage()
    const session = await kit.platform.sessions.open(kit.platform.tenants.pool()!.id, (await kit.platform.accounts.list(kit.platform.tenants.pool()!.id, { limit: 1 })).accounts[0]!.id)
    await pool.context().addCookies([{ name: 'liberacces_session', value: session.token, domain: 'pool.localhost', path: '/' }])
    for (const slug of ['commune-1', 'commune-2', 'pool']) {
      await pool.goto(`http://pool.localhost:${kit.port}/collectivites/${slug}/droits`)
      expect([slug, locale, await faultsOf(pool)]).toEqual([slug, locale, []])
      await picture(pool, `rights-${slug}-${width}`)
    }
    const admin = await (await browser.newContext(options)).newPage()
    const { accounts: [paul] } = await kit.platform.accounts.list(kit.tenant().id, { search: 'paul', limit: 1 })
    const own = await kit.platform.sessions.open(kit.tenant().id, paul!.id)
    await admin.context().addCookies([{ name: 'liberacces_session', value: own.token, domain: 'commune-1.localhost', path: '/' }])
    for (const path of ['/admin', '/admin/quotas', '/admin/modules']) {
      await admin.goto(`http://commune-1.localhost:${kit.port}${path}`)
      expect([path, locale, await faultsOf(admin)]).toEqual([path, locale, []])
      await picture(admin, `${path.slice(1).replace('/', '-')}-${width}`)
    }
  }
})

test('[Q11] the forms are the Pool’s administrator’s alone, on the Pool’s host, and from our own page', async () => {
  const path = '/collectivites/commune-1/droits'
  const tenantAdmin = await kit.as('tenant-admin')
  expect((await tenantAdmin.get(path, { headers: { accept: 'text/html' } })).status).toBe(404)
  expect((await tenantAdmin.submit(`${path}/quotas`, { storage: '' }, '/admin')).status).toBe(404)
  const agent = await kit.as('agent')
  expect((await agent.get('/admin/quotas', { headers: { accept: 'text/html' } })).status).toBe(403)
  const pool = kit.platform.tenants.pool()!
  const { accounts: [claire] } = await kit.platform.accounts.list(pool.id, { limit: 1 })
  const session = await kit.platform.sessions.open(pool.id, claire!.id)
  const client = new TestClient(kit.port, 'pool.localhost', { cookie: { name: 'liberacces_session', value: session.token } })
  const forged = await client.send('POST', `${path}/quotas`, { form: { storage: '' }, headers: { accept: 'text/html', 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } })
  expect([forged.status, kit.platform.entitlements.quota(kit.tenant().id, 'storage')]).toEqual([403, 1_500_000_000])
})
