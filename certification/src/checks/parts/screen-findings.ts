import type { BrowserStage } from '../../browser/browser-stage.ts'
import type { SeenScreen, Spot } from '../../browser/seen-screen.ts'
import type { Finding, Outcome } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'

/** What a check of screens says of one spot. */
interface Told {
  readonly message: string
  readonly fix: string
}

/** Looks at one thing of every screen. What is the same on several screens is told once, with all of them. */
export async function onEveryScreen<Found extends Spot>(stage: BrowserStage, spotsOf: (screen: SeenScreen) => readonly Found[], tell: (spot: Found) => Told): Promise<Outcome> {
  const screens = await stage.screens()
  if (screens.length === 0) return { status: 'skip', why: 'It has no page or form that somebody could open.' }
  const found = new Map<string, { readonly told: Told; readonly html: string; readonly where: string[] }>()
  for (const screen of screens) {
    for (const spot of spotsOf(screen)) {
      const told = tell(spot)
      const key = `${told.message} ${shape(spot.html)}`
      const known = found.get(key)
      if (known === undefined) found.set(key, { told, html: spot.html, where: [screen.label] })
      else if (!known.where.includes(screen.label)) known.where.push(screen.label)
    }
  }
  const all = [...found.values()].map(({ told, html, where: [first = '', ...others] }): Finding => ({
    message: `${first}: ${told.message}`, fix: told.fix, evidence: [...(html === '' ? [] : [html]), ...(others.length === 0 ? [] : [`also on ${others.join('; ')}`])],
  }))
  return findings(all, [`${screens.length} screens: ${screens.map(({ label }) => label).join('; ')}`])
}

/** An element but for what differs from line to line. */
function shape(html: string): string {
  return html.replaceAll(/[\da-f-]{8,}|\d+/gi, '0')
}
