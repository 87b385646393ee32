import axe from 'axe-core'
import type { Page } from 'playwright-core'
import type { Ground } from '../kernel/ground.ts'
import {
  controlHtml, cutTexts, focusNow, jumpsOf, missedControls, movingNow, numberControls, ownStyles, runRules, sizeText, stretchTexts, strayOrder, tooWide, type PartOfPage,
} from './page-probes.ts'
import type { RuleSpot, ScreenState, SeenScreen, Spot } from './seen-screen.ts'

/** Rules of RGAA 4.1 as far as axe covers it, and of WCAG 2.2 A and AA. */
const RULES = ['RGAAv4', 'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] as const
export const WIDE = { width: 1280, height: 900 } as const
const NARROW = { width: 320, height: 640 } as const
/** Most presses of the Tab key on one page: a page that has more controls than that is told of as far as they were reached. */
const MOST_TABS = 250

/** A page that was opened, and what the browser complained of since. */
export interface OpenedPage {
  readonly page: Page
  readonly complaints: string[]
}

/**
 * Looks at the page as it stands in the browser. It is not the same afterwards.
 * @param part - the plugin's part of it
 */
export async function lookAtScreen({ page, complaints }: OpenedPage, { label, state, part, takenOut }: { readonly label: string; readonly state: ScreenState; readonly part: PartOfPage; readonly takenOut: Ground['takenOut'] }): Promise<SeenScreen> {
  await page.evaluate(axe.source)
  const rules = await page.evaluate(runRules, { tags: RULES, part })
  const common = { label, state, takenOut, refused: complaints, violations: rules.violations, undecided: rules.undecided }
  const styles = await page.evaluate(ownStyles, part)
  if (state !== 'full') return { ...common, styles, narrow: await atWidth(page, part), keyboard: [], enlarged: [], moving: [], cut: [], jumps: [] }
  const jumps = await page.evaluate(jumpsOf, part)
  const keyboard = await goThroughByKeyboard(page, part)
  await page.evaluate(sizeText, 200)
  const enlarged = [...await page.evaluate(tooWide, part), ...await page.evaluate(cutTexts, part)]
  await page.evaluate(sizeText, 100)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const moving = await page.evaluate(movingNow, part)
  await page.emulateMedia({ reducedMotion: null })
  const narrow = await atWidth(page, part)
  // What is left open is about colours, which are the same: at this width a part of it lies where axe cannot look.
  const atNarrow = await page.evaluate(runRules, { tags: RULES, part })
  await page.evaluate(stretchTexts, part)
  const cut = [...await page.evaluate(cutTexts, part), ...(narrow.length > 0 ? [] : await page.evaluate(tooWide, part))]
  return { ...common, violations: both(rules.violations, atNarrow.violations), styles, narrow, keyboard, enlarged, moving, cut, jumps }
}

async function atWidth(page: Page, part: PartOfPage): Promise<readonly Spot[]> {
  await page.setViewportSize(NARROW)
  return await page.evaluate(tooWide, part)
}

/** What was found at one width, and what only at the other. */
function both(wide: readonly RuleSpot[], narrow: readonly RuleSpot[]): readonly RuleSpot[] {
  const known = new Set(wide.map(({ rule, html }) => `${rule} ${html}`))
  return [...wide, ...narrow.filter(({ rule, html }) => !known.has(`${rule} ${html}`)).map((spot) => ({ ...spot, what: `${spot.what} (at 320 pixels)` }))]
}

/** Presses Tab from the top to the end, and looks where the focus is each time. */
async function goThroughByKeyboard(page: Page, part: PartOfPage): Promise<readonly Spot[]> {
  const presses = Math.min(MOST_TABS, (await page.evaluate(numberControls, part)) + 5)
  const reached: number[] = []
  const seen = new Set<number>()
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press('Tab')
    const { control, isSeen, isNowhere } = await page.evaluate(focusNow)
    // Past the end of the page, and it would begin anew.
    if (isNowhere && reached.length > 0) break
    if (control < 0) continue
    reached.push(control)
    // Within a field of dates the focus goes on several times, each part marked in its own way.
    if (isSeen) seen.add(control)
  }
  const hidden: Spot[] = []
  for (const control of new Set(reached).difference(seen)) hidden.push({ what: 'looks the same with the focus as without', html: await page.evaluate(controlHtml, control) })
  return [...presses === MOST_TABS ? [] : await page.evaluate(missedControls, reached), ...await page.evaluate(strayOrder, reached), ...hidden]
}
