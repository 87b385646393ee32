import { faultsOf, openBrowser, picture } from '@liberacces/certification/browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logInByBrowser } from './browser-login.ts'
import { callerPlugin, fragilePlugin } from './fragile-plugin.tsx'
import { OPERATOR, PASSWORD, startKernel, type Kernel } from './kernel-kit.ts'

let browser: Browser
let kernel: Kernel

beforeAll(async () => {
  browser = await openBrowser()
  kernel = await startKernel({ plugins: [fragilePlugin({ ran: [] }), callerPlugin()], tenants: 2 })
  await kernel.platform.accounts.create(kernel.platform.tenants.pool()?.id ?? '', { login: 'claire', name: 'Claire Petit', password: PASSWORD, roles: ['pool-admin'] }, OPERATOR)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await kernel?.[Symbol.asyncDispose]()
})

async function look(page: Page, name: string): Promise<void> {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    await picture(page, `${name}-${width}`)
    expect([name, width, await faultsOf(page)]).toEqual([name, width, []])
  }
}

test('[V12] in a browser an operator sees how the modules are, tries one again, stops it for all with a reason, and starts it', async () => {
  await kernel.platform.settings.set(kernel.tenantId(), 'fr.test.fragile', { address: 'wrong' }, OPERATOR)
  for (let time = 0; time < 5; time += 1) await kernel.visitor().get('/apps/fragile/work')
  await kernel.visitor(1).get('/apps/fragile/work')
  const release = kernel.platform.catalogue.release('fr.test.caller', '1.0.0')
  if (release === undefined) throw new Error('The caller is not loaded.')
  const child = kernel.platform.health.of(release)
  for (const why of ['killed (SIGKILL)', 'out of memory (256 MB)']) {
    child.started()
    child.ready()
    child.crashed(why)
  }
  await expect.poll(() => kernel.platform.health.crashes.latest(10)).toHaveLength(2)

  const host = `pool.localhost:${kernel.port}`
  const { page } = await logInByBrowser(browser, host, 'claire')
  await page.goto(`http://${host}/`)
  await page.getByRole('link', { name: 'État des modules' }).click()
  await page.getByText('2 modules demandent votre attention').waitFor()
  await look(page, 'health')
  await page.goto(`http://${host}/etat/fr.test.caller`)
  await page.getByText('mémoire épuisée (256 Mio)').first().waitFor()
  await look(page, 'health-crashed')

  await page.goto(`http://${host}/etat/fr.test.fragile`)
  await page.getByRole('link', { name: 'Commune 1' }).waitFor()
  await page.getByText('Chiffres du').waitFor()
  await look(page, 'health-paused')
  await page.getByRole('button', { name: 'Réessayer tout de suite' }).click()
  await page.getByText('le prochain appel sera tenté').waitFor()
  expect(kernel.platform.health.breakers.open()).toEqual([])

  await page.getByRole('button', { name: 'Arrêter pour toutes les collectivités' }).click()
  await page.getByText('Dites pourquoi, en 500 caractères au plus.').first().waitFor()
  await look(page, 'health-stop-wrong')
  await page.getByLabel('Motif').fill('Une fuite est signalée')
  await page.getByRole('button', { name: 'Arrêter pour toutes les collectivités' }).click()
  await page.getByText('Le module « Fragile » est arrêté.').waitFor()
  await page.getByText('Une fuite est signalée').waitFor()
  await look(page, 'health-stopped')
  expect((await kernel.visitor(1).get('/apps/fragile/work')).status).toBe(503)

  const { page: guichet } = { page: await (await browser.newContext()).newPage() }
  await guichet.goto(`http://commune-2.localhost:${kernel.port}/`)
  await guichet.getByText('a été arrêté par l’exploitant').waitFor()
  await look(guichet, 'health-guichet')
  await guichet.goto(`http://commune-2.localhost:${kernel.port}/apps/fragile/`)
  await guichet.getByText('a été arrêté par l’exploitant').waitFor()
  await look(guichet, 'health-503')
  await guichet.getByRole('link', { name: 'Revenir à l’accueil' }).click()
  await guichet.getByText('bloc de l’appelant').or(guichet.getByText('redémarre depuis')).waitFor()

  await page.getByRole('button', { name: 'Remettre en marche' }).click()
  await page.getByText('Le module « Fragile » est remis en marche.').waitFor()
  expect((await kernel.visitor(1).get('/apps/fragile/work')).status).toBe(200)
  await page.goto(`http://${host}/etat?lang=en`)
  await page.getByRole('heading', { name: 'State of the modules' }).waitFor()
  await look(page, 'health-english')
})

test('[V12] the page is the Pool’s operators’ alone', async () => {
  for (const path of ['/etat', '/etat/fr.test.fragile']) {
    expect((await (await kernel.as('pool-admin', 'pool')).get(path)).status).toBe(200)
    expect((await (await kernel.as('agent', 'pool')).get(path)).status).toBe(403)
    expect((await (await kernel.as('tenant-admin', 0)).get(path)).status).toBe(404)
  }
  expect((await (await kernel.as('pool-admin', 'pool')).get('/etat/fr.test.nobody')).status).toBe(404)
})
