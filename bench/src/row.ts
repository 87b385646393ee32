/** One figure, beside the same work without us. */
export interface Row {
  /** The measure it belongs to. */
  readonly name: string
  /** What was measured, in a few words. */
  readonly what: string
  readonly ours: number
  /** The same work without us, in the same run; `null` where there is no such thing. */
  readonly bare: number | null
  readonly unit: string
  /** `ours / bare`: the median of the rounds, which were run in turn. */
  readonly ratio: number | null
  /** What must hold, for people: `≥ 0.6 ×` is about the ratio, `≤ 10 ms` about our own figure; `null` when it only informs. */
  readonly goal: string | null
  readonly better: 'higher' | 'lower'
  /** Whether the goal is met; true without a goal. */
  readonly ok: boolean
  readonly rounds: number
  /** What repeats it. */
  readonly command: string
}

/** What must hold of a figure. */
export interface Goal {
  /** On the ratio, or on our own figure in its unit. */
  readonly of: 'ratio' | 'ours'
  readonly limit: number
}

/** A figure as a measure hands it over; the rest follows from it. */
export interface Figure {
  readonly what: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly goal?: Goal
  /** Our figure, one a round. */
  readonly ours: readonly number[]
  /** The bare one of the same rounds. */
  readonly bare?: readonly number[]
}

/** The middle one, or the mean of the two in the middle. @throws RangeError for no values */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new RangeError('There is no median of nothing.')
  return (upper + lower) / 2
}

/** The value that so many of them do not exceed. @param share - 0 to 1 @throws RangeError for no values */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  const found = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))]
  if (found === undefined) throw new RangeError('There is no percentile of nothing.')
  return found
}

/** Makes the row of a figure: medians of the rounds, and the verdict. */
export function rowOf(name: string, { what, unit, better, goal, ours, bare }: Figure): Row {
  const ratio = bare === undefined ? null : median(ours.map((value, round) => value / (bare[round] ?? Number.NaN)))
  const mine = median(ours)
  const judged = goal?.of === 'ratio' ? ratio : mine
  return {
    name, what, ours: mine, bare: bare === undefined ? null : median(bare), unit, ratio,
    goal: goal === undefined ? null : `${better === 'higher' ? '≥' : '≤'} ${goal.limit} ${goal.of === 'ratio' ? '×' : unit}`,
    better,
    ok: goal === undefined || (judged !== null && (better === 'higher' ? judged >= goal.limit : judged <= goal.limit)),
    rounds: ours.length,
    command: `pnpm bench ${name}`,
  }
}
