import axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dossierPage } from '../../src/deployment/dossier-page.ts'
import { RULES } from '../../src/deployment/rules.ts'
import { CHECKS } from '../../src/checks/index.ts'
import { catalogueTexts } from '../../src/harness/catalogue.ts'
import { FORMATS } from '../../src/report/formats.ts'
import { openBrowser } from '../../src/testing/browser.ts'
import { EXAMPLE } from './example-report.ts'

let browser: Browser
beforeAll(async () => { browser = await openBrowser() })
afterAll(() => browser.close())

/** Faults that axe finds on a page at 320 px, and whether it has to be scrolled sideways. */
async function faultsOf(html: string, colorScheme: 'light' | 'dark', more: readonly string[] = []): Promise<{ readonly faults: readonly string[]; readonly width: number; readonly answers: readonly unknown[] }> {
  const page = await browser.newPage({ viewport: { width: 320, height: 800 }, colorScheme })
  try {
    await page.setContent(html)
    await page.addScriptTag({ content: axe.source })
    const { violations } = await page.evaluate(() => (globalThis as unknown as { readonly axe: typeof axe }).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'RGAAv4', 'best-practice'] }))
    const answers: unknown[] = []
    for (const question of more) answers.push(await page.evaluate(question))
    return { faults: violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), width: await page.evaluate('document.documentElement.scrollWidth') as number, answers }
  } finally {
    await page.close()
  }
}

// Nothing of a table is cut off, or hidden behind a bar to scroll with; each figure says what it counts.
const CUT_OFF = '[...document.querySelectorAll("tbody th, tbody td, caption")].filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < 0 || right > 320 || one.scrollWidth > one.clientWidth }).map((one) => one.textContent)'
const FIRST_COLUMN = 'getComputedStyle(document.querySelector("tbody td"), "::before").content'

test.for(['light', 'dark'] as const)('[C124] the report has no fault that axe finds at 320 px, %s, and does not overflow', async (colorScheme) => {
  const { faults, width, answers: [cutOff, firstColumn] } = await faultsOf(FORMATS.html.write(EXAMPLE, { checks: CHECKS, texts: catalogueTexts(), harness: '0' }), colorScheme, [CUT_OFF, FIRST_COLUMN])
  expect({ faults, isWide: width > 320, cutOff }).toEqual({ faults: [], isWide: false, cutOff: [] })
  expect(firstColumn).toContain('Conformes')
})

test.for(['light', 'dark'] as const)('[C545] the page of a dossier has no fault that axe finds at 320 px, %s, and does not overflow', async (colorScheme) => {
  const results = RULES.map(({ id, title }, index) => ({ id, title, status: (['pass', 'fail', 'review'] as const)[index % 3] ?? 'pass', items: [`${'0123456789abcdef'.repeat(4)}: <b>seen</b>`] }))
  const html = dossierPage({ company: { name: 'Éditeur & fils', siren: '732829320', people: [] }, url: 'https://pool.example.fr', at: '2026-12-01T09:00:00.000Z' }, results)
  const { faults, width } = await faultsOf(html, colorScheme)
  expect({ faults, isWide: width > 320 }).toEqual({ faults: [], isWide: false })
})
