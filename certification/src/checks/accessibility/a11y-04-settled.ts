import { Type, type Static } from '@liberacces/sdk'
import type { RuleSpot } from '../../browser/seen-screen.ts'
import type { Check } from '../../harness/check.ts'
import { fits } from '@liberacces/core'

/** Where the grid lies in the archive. */
const GRID = 'docs/rgaa.json'

const Grid = Type.Object({
  /** Who looked, and when. */
  by: Type.String({ minLength: 1 }), on: Type.String({ format: 'date' }),
  /** What was found where the rules cannot decide: by rule, for all screens on which it is open. */
  settled: Type.Array(Type.Object({ rule: Type.String({ minLength: 1 }), judgement: Type.Union([Type.Literal('conforme'), Type.Literal('non-applicable')]), note: Type.String({ minLength: 1 }) })),
})

/** What no program can decide was looked at by a person, and is in the grid that goes with the archive. */
export const settledByHand: Check<'browser'> = {
  id: 'A11Y-04', since: '1.0', level: 'silver', gate: 'browser', maturity: 'enforced', timeoutMs: 240_000,
  title: { fr: 'Ce qu’un programme ne peut trancher a été vu par une personne', en: 'What no program can decide was looked at by a person' },
  rationale: {
    fr: 'Un programme ne juge que 33 critères sur 106 : ce qu’il laisse en suspens se vérifie à l’œil, et le jugement est signé avec l’archive.',
    en: 'A program judges 33 criteria of 106: what it leaves open is looked at by eye, and the judgement is signed along with the archive.',
  },
  howToFix: `Look at each of them, and write what you found into ${GRID}: { "by": "…", "on": "2026-11-26", "settled": [{ "rule": "color-contrast", "judgement": "conforme", "note": "…" }] }.`,
  example: { bad: 'a text over a picture, whose contrast nobody has looked at', good: `${GRID} with { "rule": "color-contrast", "judgement": "conforme", "note": "7.1:1 measured at the lightest spot" }` },
  refs: { article: 'RGAA 4.1, méthode technique' },
  async run(stage) {
    const open = new Map<string, { readonly spot: RuleSpot; readonly where: Set<string> }>()
    for (const { undecided, label } of await stage.screens()) {
      for (const spot of undecided) {
        const known = open.get(spot.rule) ?? { spot, where: new Set<string>() }
        known.where.add(label)
        open.set(spot.rule, known)
      }
    }
    if (open.size === 0) return { status: 'pass' }
    const grid = gridIn(stage.kernel.files)
    if (typeof grid === 'string') return { status: 'fail', findings: [{ message: `${GRID} is no grid: ${grid}`, fix: this.howToFix, file: GRID, evidence: [] }] }
    const left = [...open].filter(([rule]) => grid?.settled.some((one) => one.rule === rule) !== true)
    const [first, ...rest] = left.map(([rule, { spot, where }]) => `${spot.what} (${[rule, ...spot.criteria].join(', ')}), on ${[...where].join('; ')}: ${spot.html}`)
    return first === undefined ? { status: 'pass', evidence: [`settled by ${grid?.by ?? ''} on ${grid?.on ?? ''}`] } : { status: 'review', items: [first, ...rest] }
  },
}

/** @returns what is wrong with it as a text */
function gridIn(files: ReadonlyMap<string, Buffer>): Static<typeof Grid> | string | undefined {
  const text = files.get(GRID)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text.toString())
    return fits(Grid, value) ? value : 'it has not the shape of one.'
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}
