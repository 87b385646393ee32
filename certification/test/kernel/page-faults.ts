import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Tags of the rules that a page must pass: RGAA 4.1 as far as axe covers it, and WCAG 2.2 A and AA. */
const RULES = ['RGAAv4', 'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What is wrong with a page as it is in the browser: violations as the rules name them, and whether it scrolls sideways. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async (tags) => {
    const { axe: engine } = globalThis as unknown as { axe: { run(root: object, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    return (await engine.run(globalThis.document, { runOnly: tags })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
  }, RULES)
  const wide = await page.evaluate(() => globalThis.document.documentElement.scrollWidth > globalThis.document.documentElement.clientWidth)
  return wide ? [...violations, 'scrolls sideways'] : violations
}

/** Where a person looks at what the test saw. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['LIBERACCES_SCREENSHOTS']
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
