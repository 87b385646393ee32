import { addDays, asDay, type Day } from '@liberacces/sdk'

/** Time between two general renewals of the municipal councils. */
export interface Term {
  /** Friday on which the first councils met. */
  readonly firstDay: Day
  /** A council stays until the next one has met, at the latest on the Sunday. */
  readonly lastDay: Day
}

/** Terms, latest first. The end of the last one is the month in which the law has the next renewal take place (code électoral, article L227). */
const TERMS: readonly [Term, ...Term[]] = [
  { firstDay: asDay('2026-03-20'), lastDay: asDay('2032-03-31') },
  { firstDay: asDay('2020-05-25'), lastDay: asDay('2026-03-21') },
  { firstDay: asDay('2014-03-28'), lastDay: asDay('2020-05-26') },
]

/**
 * The term that runs on a day for a body that first meets some days after the first councils.
 * @param delayDays - days from the first councils to the body's first meeting
 */
export function termOn(today: Day, delayDays = 0): Term & { readonly before: Term | undefined } {
  const index = Math.max(0, TERMS.findIndex(({ firstDay }) => addDays(firstDay, delayDays) <= today))
  return { ...(TERMS[index] ?? TERMS[0]), before: TERMS[index + 1] }
}
