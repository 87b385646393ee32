import { mkdir } from 'node:fs/promises'
import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Tags of the rules that a page must pass: RGAA 4.1 as far as axe covers it, and WCAG 2.2 A and AA. */
const RULES = ['RGAAv4', 'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** Widths in pixels at which pages are looked at: a screen, and a phone as narrow as WCAG 1.4.10 asks for. */
const WIDTHS = [1280, 320]
const HEIGHT = 900

/** What is wrong with a page as it is in the browser: violations as the rules name them, and whether it scrolls sideways. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async (tags) => {
    const { axe: engine } = globalThis as unknown as { axe: { run(root: object, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    return (await engine.run(globalThis.document, { runOnly: tags, resultTypes: ['violations'] })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
  }, RULES)
  const wide = await page.evaluate(() => globalThis.document.documentElement.scrollWidth > globalThis.document.documentElement.clientWidth)
  return wide ? [...violations, 'scrolls sideways'] : violations
}

/**
 * The same on a screen and on a phone, with a picture of each; every line begins with the page's name and the width. The page is left as wide as a screen.
 * @param name - of the page, as a file may be named
 */
export async function faultsAtWidths(page: Page, name: string): Promise<readonly string[]> {
  const faults: string[] = []
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT })
    faults.push(...(await faultsOf(page)).map((fault) => `${name} at ${width}: ${fault}`))
    await picture(page, `${name}-${width}`)
  }
  await page.setViewportSize({ width: WIDTHS[0] ?? 1280, height: HEIGHT })
  return faults
}

/** A picture for a person who wants to see what the test saw, in the folder that `LIBERACCES_SCREENSHOTS` names; none without it. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['LIBERACCES_SCREENSHOTS']
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
