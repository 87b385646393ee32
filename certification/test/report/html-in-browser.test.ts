import axe from 'axe-core'
import { expect, test } from 'vitest'
import { CHECKS } from '../../src/checks/index.ts'
import { catalogueTexts } from '../../src/harness/catalogue.ts'
import { FORMATS } from '../../src/report/formats.ts'
import { openBrowser } from '../../src/testing/browser.ts'
import { EXAMPLE } from './example-report.ts'

test('[C124] the report has no fault that axe finds, in light and dark, at 320 px too, and does not overflow', async () => {
  const browser = await openBrowser()
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport: { width: 320, height: 800 }, colorScheme })
      await page.setContent(FORMATS.html.write(EXAMPLE, { checks: CHECKS, texts: catalogueTexts(), harness: '0' }))
      await page.addScriptTag({ content: axe.source })
      const { violations } = await page.evaluate(() => (globalThis as unknown as { readonly axe: typeof axe }).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'RGAAv4', 'best-practice'] }))
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      // Nothing of a table is cut off, or hidden behind a bar to scroll with; each figure says what it counts.
      expect(await page.evaluate('[...document.querySelectorAll("tbody th, tbody td, caption")].filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < 0 || right > 320 || one.scrollWidth > one.clientWidth }).map((one) => one.textContent)')).toEqual([])
      expect(await page.evaluate('getComputedStyle(document.querySelector("tbody td"), "::before").content')).toContain('Conformes')
      await page.close()
    }
  } finally {
    await browser.close()
  }
})
