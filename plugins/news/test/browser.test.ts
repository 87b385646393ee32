import { openBrowser } from '@liberacces/certification/browser'
import { startTestPlatform, type TestPlatform } from '@liberacces/certification/testing'
import directory from '@liberacces/plugin-directory'
import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import news from '../src/plugin.tsx'

/** Tags of the rules that a page must pass: RGAA 4.1 as far as axe covers it, and WCAG 2.2 A and AA. */
const RULES = ['RGAAv4', 'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const PASSWORD = 'une-phrase-de-passe-longue'
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const

let browser: Browser
let platform: TestPlatform

beforeAll(async () => {
  browser = await openBrowser()
  platform = await startTestPlatform({ plugins: [news, directory], tenants: 2, demo: true })
  for (const index of [0, 1]) {
    const { id } = platform.tenant(index)
    for (const [login, name, roles] of [['agnes', 'Agnès Morin', ['agent']], ['paul', 'Paul Roux', ['tenant-admin']]] as const) {
      await platform.platform.accounts.create(id, { login, name, password: PASSWORD, roles: [...roles] }, OPERATOR)
    }
  }
  const pool = platform.platform.tenants.pool()
  await platform.platform.accounts.create(pool?.id ?? '', { login: 'claire', name: 'Claire Petit', password: PASSWORD, roles: ['pool-admin'] }, OPERATOR)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await platform?.[Symbol.asyncDispose]()
})

/** A browser window at one tenant. Whatever the browser complains about is collected. */
async function visit(host: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; context: BrowserContext; complaints: string[]; go: (path: string) => Promise<number> }> {
  const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`) })
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  return { page, context, complaints, go: async (path) => (await page.goto(`http://${host}:${platform.port}${path}`))?.status() ?? 0 }
}

async function logIn(host: string, login: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const window = await visit(host, options)
  await window.go('/auth/login')
  await window.page.getByLabel('Identifiant').fill(login)
  await window.page.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD)
  await window.page.getByRole('button', { name: 'Se connecter' }).click()
  await window.page.getByRole('button', { name: 'Se déconnecter' }).waitFor()
  return window
}

/** Violations of a page as the rules name them, and whether it scrolls sideways. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async (tags) => {
    const { axe: engine } = globalThis as unknown as { axe: { run(root: object, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    return (await engine.run(globalThis.document, { runOnly: tags })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
  }, RULES)
  const wide = await page.evaluate(() => globalThis.document.documentElement.scrollWidth > globalThis.document.documentElement.clientWidth)
  return wide ? [...violations, 'scrolls sideways'] : violations
}

describe('in a browser', () => {
  test('an agent publishes an article, a citizen reads it on the Guichet and in the feed, the neighbour does not see it', async () => {
    const [here, there] = [platform.tenant(0).host, platform.tenant(1).host]
    const agent = await logIn(here, 'agnes')
    await agent.page.getByRole('link', { name: 'Gérer les actualités' }).first().click()
    await agent.page.getByRole('link', { name: 'Rédiger un article' }).first().click()
    await agent.page.getByLabel('Titre').fill('La médiathèque rouvre samedi')
    await agent.page.getByLabel('Thème').selectOption({ index: 1 })
    await agent.page.getByLabel('Résumé').fill('Trois mois de travaux, et des horaires élargis.')
    await agent.page.getByLabel('Texte', { exact: true }).fill('Venez **nombreux** dès 10 h.')
    await agent.page.getByRole('button', { name: 'Enregistrer le brouillon' }).click()
    await agent.page.getByRole('button', { name: 'Publier' }).first().click()
    await agent.page.getByText('En ligne').first().waitFor()
    await platform.settle()

    const citizen = await visit(here, { javaScriptEnabled: false, viewport: { width: 360, height: 800 } })
    await citizen.go('/')
    await citizen.page.getByRole('link', { name: 'La médiathèque rouvre samedi' }).first().click()
    expect(await citizen.page.getByRole('heading', { level: 1 }).innerText()).toBe('La médiathèque rouvre samedi')
    expect(await citizen.page.locator('strong', { hasText: 'nombreux' }).count()).toBe(1)
    expect((await platform.tenant(0).visitor.get('/apps/actualites/feed.atom')).text).toContain('La médiathèque rouvre samedi')

    const neighbour = await visit(there)
    await neighbour.go('/apps/actualites/')
    expect(await neighbour.page.getByText('La médiathèque rouvre samedi').count()).toBe(0)
    expect((await platform.tenant(1).visitor.get('/apps/actualites/feed.atom')).text).not.toContain('médiathèque rouvre')
    expect([...agent.complaints, ...citizen.complaints, ...neighbour.complaints]).toEqual([])
  })

  test('an administrator switches the plugin off and on again while others read, without one failed request elsewhere', async () => {
    const there = await logIn(platform.tenant(1).host, 'paul')
    await there.go('/admin/modules')
    const reader = platform.tenant(0).visitor
    let reading = true
    const statuses = new Set<number>()
    const load = Promise.all(Array.from({ length: 4 }, async () => {
      while (reading) statuses.add((await reader.get('/apps/actualites/', { headers: { accept: 'text/html' } })).status)
    }))
    await there.page.getByText('Désactiver Actualités').first().click()
    await there.page.getByRole('button', { name: /Désactiver Actualités|Confirmer/ }).last().click()
    await there.page.getByText('est désactivé').waitFor()
    expect((await platform.tenant(1).visitor.get('/apps/actualites/')).status).toBe(404)
    await there.page.getByRole('button', { name: 'Activer Actualités' }).click()
    await there.page.getByText('est activé').waitFor()
    expect((await platform.tenant(1).visitor.get('/apps/actualites/', { headers: { accept: 'text/html' } })).status).toBe(200)
    reading = false
    await load
    expect([...statuses]).toEqual([200])
    expect(there.complaints).toEqual([])
  })

  test('every page passes the automated rules of RGAA and WCAG, at 1280 and at 320 pixels, and the browser complains of nothing', async () => {
    const host = platform.tenant(0).host
    const faults: Record<string, readonly string[]> = {}
    const look = async (window: Awaited<ReturnType<typeof visit>>, paths: readonly string[]) => {
      for (const path of paths) {
        const status = await window.go(path)
        const found = await faultsOf(window.page)
        if (status !== 200 || found.length > 0) faults[`${path} ${window.page.viewportSize()?.width}`] = [`status ${status}`, ...found]
      }
      expect(window.complaints).toEqual([])
      await window.context.close()
    }
    for (const width of [1280, 320]) {
      const viewport = { viewport: { width, height: 900 } }
      await look(await visit(host, viewport), ['/', '/auth/login', '/accessibilite', '/mentions-legales', '/apps/actualites/', '/apps/annuaire/', '/apps/annuaire/elus'])
      await look(await logIn(host, 'agnes', viewport), ['/bureau', '/bureau/organiser', '/apps/actualites/gestion', '/apps/actualites/gestion/nouveau', '/apps/annuaire/gestion'])
      await look(await logIn(host, 'paul', viewport), [
        '/admin', '/admin/comptes', '/admin/roles', '/admin/modules', '/admin/reglages', '/admin/journal', '/admin/evenements',
        '/admin/modules/fr.liberacces.news/reglages', '/admin/modules/fr.liberacces.directory/reglages', '/apps/annuaire/gestion/personnes/ajouter', '/apps/annuaire/gestion/importer',
      ])
      await look(await logIn('pool.localhost', 'claire', viewport), ['/', '/collectivites/commune-1'])
    }
    expect(faults).toEqual({})
  }, 90_000)

  test('the keyboard alone goes from the address bar to an article', async () => {
    const { page, go } = await visit(platform.tenant(0).host)
    await go('/apps/actualites/')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => globalThis.document.activeElement?.textContent)).toBe('Aller au contenu')
    const reached: string[] = []
    const unseen: string[] = []
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(() => {
        const element = globalThis.document.activeElement as unknown as { getAttribute(name: string): string | null; matches(selector: string): boolean }
        // A card shows the focus of its link around the whole of itself.
        const shown = (element as unknown as { closest(selector: string): unknown }).closest('.la-card-link') ?? element
        const outlined = [element, shown].some((one) => globalThis.getComputedStyle(one as never).outlineStyle !== 'none')
        return { href: element.getAttribute('href') ?? '', visible: element.matches(':focus-visible') && outlined }
      })
      reached.push(focused.href)
      if (focused.href !== '' && !focused.visible) unseen.push(focused.href)
      if (/\/apps\/actualites\/articles?\//.test(focused.href)) break
    }
    expect(unseen).toEqual([])
    await page.keyboard.press('Enter')
    await page.waitForURL('**/actualites/articles/**')
    expect(await page.getByRole('heading', { level: 1 }).count(), reached.join(' ')).toBe(1)
    expect(page.url()).toMatch(/\/apps\/actualites\/.+/)
  })
})
