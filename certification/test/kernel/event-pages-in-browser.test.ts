import { faultsOf, openBrowser, picture } from '@liberacces/certification/browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { desk, office, register, trouble } from './event-plugins.ts'
import { logInByBrowser } from './browser-login.ts'
import { OPERATOR, PASSWORD, startKernel, type Kernel } from './kernel-kit.ts'

const PAGE = '/admin/evenements'
let browser: Browser
let kernel: Kernel

beforeAll(async () => {
  browser = await openBrowser()
  kernel = await startKernel({ plugins: [desk, register, office] })
  kernel.outside.answer(() => new Response('ok'))
  const { accounts, roles } = kernel.platform
  await accounts.create(kernel.tenantId(), { login: 'paul', name: 'Paul Roux', password: PASSWORD, roles: ['tenant-admin'] }, OPERATOR)
  await accounts.create(kernel.platform.tenants.pool()?.id ?? '', { login: 'claire', name: 'Claire Petit', password: PASSWORD, roles: ['pool-admin'] }, OPERATOR)
  await roles.decide(kernel.tenantId(), [{ role: 'tenant-admin', permission: 'fr.liberacces.kernel/events.read', granted: true }], OPERATOR)
  trouble.isOffice = true
  for (const id of ['dossier-12', 'dossier-14']) await kernel.visitor().post(`/apps/desk/ask?id=${id}`, undefined)
  for (let hour = 0; hour < 9; hour += 1) {
    await kernel.settle()
    kernel.outside.advance(3_600_000)
  }
  trouble.isOffice = false
  await kernel.visitor().post('/apps/desk/ask?id=dossier-15', undefined)
  await kernel.settle()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await kernel?.[Symbol.asyncDispose]()
})

async function logIn(login: 'paul' | 'claire', javaScriptEnabled = true): Promise<{ readonly page: Page; readonly go: (path: string) => Promise<unknown> }> {
  const host = `${login === 'paul' ? 'commune-1' : 'pool'}.localhost:${kernel.port}`
  const { page } = await logInByBrowser(browser, host, login, { javaScriptEnabled })
  return { page, go: (path) => page.goto(`http://${host}${path}`) }
}

/** What is wrong with a page on a phone and on a desk. */
async function look(page: Page, name: string): Promise<readonly string[]> {
  const faults: string[] = []
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    await picture(page, `${name}-${width}`)
    faults.push(...(await faultsOf(page)).map((fault) => `${name} at ${width}: ${fault}`))
  }
  return faults
}

test('[E78] in a browser an administrator finds a lost event, sees where it went and what it says, and tries again what failed', async () => {
  const { page, go } = await logIn('paul')
  await go(PAGE)
  expect(await look(page, 'events')).toEqual([])
  await page.getByLabel('Type, objet, identifiant ou trace').fill('dossier-15')
  await page.getByRole('button', { name: 'Rechercher' }).click()
  await page.getByRole('link', { name: 'fr.test.desk.asked/v1' }).click()
  await page.getByRole('heading', { name: 'Déroulement' }).waitFor()
  await page.getByText('Courriel à envoyer').waitFor()
  expect(await look(page, 'event-delivered')).toEqual([])
  await page.getByRole('button', { name: 'Afficher le contenu' }).click()
  await page.getByText('"id": "dossier-15"').waitFor()
  expect(await look(page, 'event-content')).toEqual([])
  await go(`${PAGE}?state=dead`)
  await page.getByRole('link', { name: 'fr.test.desk.asked/v1' }).first().click()
  await page.getByText('The cupboard is locked').or(page.getByText('PLUGIN_CALL_FAILED')).first().waitFor()
  expect(await look(page, 'event-dead')).toEqual([])
  await page.getByRole('button', { name: 'Retenter' }).click()
  await page.getByText('L’événement va être remis.').waitFor()
  await kernel.settle()
  await page.reload()
  expect(await page.getByText('Remis en').first().isVisible()).toBe(true)
}, 60_000)

test('[E78] without JavaScript and with the keyboard alone a replay is asked for, looked at and begun', async () => {
  const { page, go } = await logIn('paul', false)
  await go(`${PAGE}/rejouer`)
  await page.getByLabel('Émis à partir du').focus()
  await page.getByLabel('Émis à partir du').fill('2026-03-02')
  await page.getByRole('checkbox', { name: 'Aussi pour ceux qui les ont déjà traités' }).focus()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Voir ce qui serait rejoué' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Ce qui serait rejoué' }).waitFor()
  await page.getByText('Les effets se produiront une seconde fois chez').waitFor()
  await page.getByRole('button', { name: /^Rejouer \d+ remises$/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('La reprise a commencé').waitFor()
  await kernel.settle()
  await page.reload()
  expect(await page.getByText('Terminée').isVisible()).toBe(true)
}, 60_000)

test('[E78] the pages of replays, of how long events are kept, and the Pool’s, read well at any width', async () => {
  const { page, go } = await logIn('paul')
  await go(`${PAGE}/rejouer?from=2026-03-02&again=oui`)
  expect(await look(page, 'events-replay')).toEqual([])
  await go(`${PAGE}/conservation`)
  expect(await look(page, 'events-kept')).toEqual([])
  const pool = await logIn('claire')
  await pool.go('/collectivites/commune-1/evenements')
  expect(await look(pool.page, 'console-events')).toEqual([])
}, 60_000)
