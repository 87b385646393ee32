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

/** What no program can decide is for a person, who has the grid in the archive before them. */
export const settledByHand: Check<'browser'> = {
  id: 'A11Y-04', since: '1.0', level: 'silver', gate: 'browser', maturity: 'enforced', timeoutMs: 240_000,
  title: { fr: 'Ce qu’un programme ne peut trancher a été vu par une personne', en: 'What no program can decide was looked at by a person' },
  rationale: {
    fr: 'Un programme ne juge que 33 critères sur 106 : ce qu’il laisse en suspens se vérifie à l’œil. La grille jointe à l’archive dit ce que l’éditeur a vu ; le certificateur en décide.',
    en: 'A program judges 33 criteria of 106: what it leaves open is looked at by eye. The grid in the archive says what the vendor saw; the certifier decides on it.',
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
    const judged = (rule: string): string => {
      const one = grid?.settled.find((each) => each.rule === rule)
      return one === undefined ? '' : `; ${one.judgement} by ${grid?.by ?? ''} on ${grid?.on ?? ''}: ${one.note}`
    }
    // The grid is the vendor's own word, and nobody has signed it: what it lacks comes first, and whoever certifies says whether the rest holds.
    const items = [...open].map(([rule, { spot, where }]) => ({ judgement: judged(rule), text: `${spot.what} (${[rule, ...spot.criteria].join(', ')}), on ${[...where].join('; ')}: ${spot.html}` }))
    const [first, ...rest] = items.toSorted((a, b) => Number(a.judgement !== '') - Number(b.judgement !== '')).map(({ judgement, text }) => `${text}${judgement}`)
    return first === undefined ? { status: 'pass' } : { status: 'review', items: [first, ...rest] }
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
