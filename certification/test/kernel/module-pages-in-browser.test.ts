import { faultsOf, openBrowser, picture } from '@liberacces/certification/browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askingPlugin } from './consent-plugins.tsx'
import { logInByBrowser } from './browser-login.ts'
import { OPERATOR, PASSWORD, startKernel, type Kernel } from './kernel-kit.ts'
import { LEDGER, LEDGER_ID } from './ledger-plugin.ts'

const ASKING = '/admin/modules/fr.test.asking'
const LEDGERS = `/admin/modules/${LEDGER_ID}`

let browser: Browser
let kernel: Kernel

beforeAll(async () => {
  browser = await openBrowser()
  kernel = await startKernel({
    plugins: [...Object.values(LEDGER), askingPlugin('1.0.0', ['db'], ['files']), askingPlugin('2.0.0', ['db', 'net:api.example.fr'], ['files', 'mail:send', 'net:maps.example.fr'])], enable: [],
  })
  const { installations, accounts } = kernel.platform
  await accounts.create(kernel.tenantId(), { login: 'paul', name: 'Paul Roux', password: PASSWORD, roles: ['tenant-admin'] }, OPERATOR)
  await accounts.create(kernel.platform.tenants.pool()?.id ?? '', { login: 'claire', name: 'Claire Petit', password: PASSWORD, roles: ['pool-admin'] }, OPERATOR)
  for (const id of [LEDGER_ID, 'fr.test.asking']) await installations.enable(kernel.tenantId(), id, '1.0.0', OPERATOR)
  await kernel.visitor().post('/apps/ledger/entries', { id: 'a' })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await kernel?.[Symbol.asyncDispose]()
})

/** A window of the commune's administrator, or of the Pool's. */
async function logIn(login: 'paul' | 'claire' = 'paul'): Promise<{ readonly page: Page; readonly go: (path: string) => Promise<unknown> }> {
  const host = `${login === 'paul' ? 'commune-1' : 'pool'}.localhost:${kernel.port}`
  const { page } = await logInByBrowser(browser, host, login)
  return { page, go: (path) => page.goto(`http://${host}${path}`) }
}

async function look(page: Page, name: string): Promise<void> {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    await picture(page, `${name}-${width}`)
    expect([name, width, await faultsOf(page)]).toEqual([name, width, []])
  }
}

test('[W8] in a browser an administrator reads what a version asks for beyond, refuses what is optional, and moves to it', async () => {
  await expect(kernel.platform.installations.upgrade(kernel.tenantId(), 'fr.test.asking', { range: '2.0.0', by: OPERATOR })).rejects.toMatchObject({ code: 'PLUGIN_CONSENT_NEEDED' })
  const { page, go } = await logIn()
  await go('/admin/modules')
  await page.getByText('La version 2.0.0 attend votre accord').waitFor()
  await look(page, 'modules-waiting')
  await page.getByRole('link', { name: 'Autorisations du module Demandeur' }).click()
  await look(page, 'consent-waiting')
  await page.getByRole('link', { name: 'Voir ce qui change' }).click()
  await page.getByText('Nouveau : envoyer et recevoir des données par internet avec api.example.fr.').waitFor()
  await look(page, 'versions-wider')
  await page.getByRole('checkbox', { name: 'Envoyer des courriels' }).uncheck()
  await page.getByRole('button', { name: 'Accepter et passer à la version 2.0.0' }).click()
  await page.getByText('est passé à la version 2.0.0').waitFor()
  const { text } = await kernel.visitor().get('/apps/asking/granted')
  expect(JSON.parse(text)).toEqual({ 'db': true, 'files': true, 'mail:send': false, 'net:maps.example.fr': true })
  await go(`${ASKING}/autorisations`)
  expect(await page.getByRole('checkbox', { name: 'Envoyer des courriels' }).isChecked()).toBe(false)
  await look(page, 'consent-optional')
}, 60_000)

test('[W7] in a browser a rehearsal that fails says so on top, and a way back that loses what was entered is asked about', async () => {
  const { page, go } = await logIn()
  await go(`${LEDGERS}/versions`)
  await page.getByLabel('Version souhaitée').selectOption('1.2.0')
  await page.getByRole('button', { name: 'Voir ce qui change' }).click()
  await page.getByRole('button', { name: 'Répéter sur une copie' }).click()
  await page.getByText('La répétition a échoué').waitFor()
  await look(page, 'versions-no-go')
  await go(`${LEDGERS}/versions?to=1.1.1`)
  await page.getByRole('button', { name: 'Passer à la version 1.1.1' }).click()
  await page.getByText('est passé à la version 1.1.1').waitFor()
  await kernel.visitor().post('/apps/ledger/entries', { id: 'b' })
  await page.locator('summary', { hasText: 'Revenir à la version 1.0.0' }).click()
  await page.getByRole('button', { name: /Revenir à la version 1.0.0/ }).click()
  await page.getByText('ferait perdre ce qui a été saisi').waitFor()
  await look(page, 'versions-loses')
  await page.getByRole('button', { name: 'Revenir à la version 1.0.0 et perdre' }).click()
  await page.getByText('est revenu à la version 1.0.0').waitFor()
  expect((await kernel.visitor().get('/apps/ledger/entries')).json()).toEqual({ release: '1.0.0', ids: ['a'] })
}, 60_000)

test('[W10] in a browser the Pool sees its releases, rehearses a wave, and reads why a commune does not go along', async () => {
  const { page, go } = await logIn('claire')
  await go('/')
  await page.getByRole('link', { name: 'Modules', exact: true }).click()
  await page.getByRole('link', { name: 'Registre' }).waitFor()
  await look(page, 'console-modules')
  await page.getByRole('link', { name: 'Registre' }).click()
  await page.getByRole('heading', { level: 1, name: 'Registre' }).waitFor()
  await look(page, 'console-module')
  await page.getByLabel('Version souhaitée').selectOption('1.2.0')
  await page.getByRole('button', { name: 'Répéter' }).click()
  await page.getByText('Répétition de la version 1.2.0').waitFor()
  await kernel.platform.waves.settled()
  await go(LEDGERS.replace('/admin', ''))
  await page.getByText('Répétition de la version 1.2.0 terminée').waitFor()
  await page.getByText('the third step breaks halfway').waitFor()
  // What was rehearsed is what the button for all is about.
  expect(await page.getByLabel('Version souhaitée').inputValue()).toBe('1.2.0')
  await look(page, 'console-wave')
}, 60_000)
