import { openBrowser } from '@liberacces/certification/browser'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Tags of the rules that a page must pass: RGAA 4.1 as far as axe covers it, and WCAG 2.2 A and AA. */
const RULES = ['RGAAv4', 'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** More than any page of the administration has places to stop at. */
const STOPS = 150

/** A browser with one person in front of it. Whatever it complains about is collected. */
export interface ModuleWindow extends AsyncDisposable {
  readonly page: Page
  readonly complaints: readonly string[]
  /** Opens a page by its path. */
  go(path: string): Promise<void>
  /** Tabs to an element, which must show that it has the focus, and presses a key there. @param key - @defaultValue `Enter` */
  press(target: Locator, key?: 'Enter' | 'Space'): Promise<void>
  /** The page as it is now passes axe and does not scroll sideways, at 1280 and at 320 pixels. @param name - of its picture, taken where LIBERACCES_SCREENSHOTS says */
  look(name: string): Promise<void>
}

/** Opens a browser and logs in at a tenant. */
export async function openModuleWindow(origin: string, login: string, password: string, options: BrowserContextOptions = {}): Promise<ModuleWindow> {
  const browser: Browser = await openBrowser()
  const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`) })
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  await page.goto(`${origin}/auth/login`)
  await page.getByLabel('Identifiant').fill(login)
  await page.getByLabel('Mot de passe', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor()
  return {
    page,
    complaints,
    async go(path) { expect((await page.goto(origin + path))?.status(), path).toBe(200) },
    press: (target, key = 'Enter') => press(page, target, key),
    look: (name) => look(page, name),
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

async function press(page: Page, target: Locator, key: string): Promise<void> {
  await target.waitFor()
  const states: unknown[] = []
  for (let stop = 0; stop < STOPS; stop += 1) {
    const state = await target.evaluate((element) => {
      if (element !== element.ownerDocument.activeElement) return 'elsewhere'
      return element.matches(':focus-visible') && globalThis.getComputedStyle(element).outlineStyle !== 'none' ? 'shown' : 'unseen'
    })
    states.push(state)
    if (state !== 'elsewhere') break
    await page.keyboard.press('Tab')
  }
  expect(states.at(-1), `${target.toString()} by keyboard`).toBe('shown')
  await page.keyboard.press(key)
}

async function look(page: Page, name: string): Promise<void> {
  const folder = process.env['LIBERACCES_SCREENSHOTS']
  const before = page.viewportSize()
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 })
    await page.evaluate(axe.source)
    const violations = await page.evaluate(async (tags) => {
      const { axe: engine } = globalThis as unknown as { axe: { run(root: object, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
      return (await engine.run(globalThis.document, { runOnly: tags })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
    }, RULES)
    const isWide = await page.evaluate(() => globalThis.document.documentElement.scrollWidth > globalThis.document.documentElement.clientWidth)
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true })
    expect([...violations, ...(isWide ? ['scrolls sideways'] : [])], `${name} at ${width} px`).toEqual([])
  }
  if (before !== null) await page.setViewportSize(before)
}
