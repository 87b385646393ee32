/** What is known of a request, and what follows from it. Pure: it imports nothing of the platform, and the day comes in. */

/** What a permit is asked for. Each has a message `field.purpose.<purpose>`. */
export const PURPOSES = ['scaffolding', 'skip', 'moving', 'terrace', 'event'] as const
/** One of them. */
export type Purpose = (typeof PURPOSES)[number]

/** A calendar day in metropolitan France, `YYYY-MM-DD`. Days compare as text. */
export type Day = string

/** What an agent decides. Each has a message `field.decision.<decision>`. */
export const DECISIONS = ['granted', 'refused'] as const
/** One of them. */
export type Decision = (typeof DECISIONS)[number]

/** Where a request stands. Each has a message `state.<state>`. */
export type RequestState = 'received' | Decision

/** Longest that a permit may last, in days. */
const LONGEST_DAYS = 90

/** What is wrong with the days of a request. Each has a message `error.<fault>`. */
export type DayFault = 'past' | 'reversed' | 'too-long'

/** @param today - the day on which it is asked */
export function dayFault(from: Day, to: Day, today: Day): DayFault | undefined {
  if (from < today) return 'past'
  if (to < from) return 'reversed'
  return daysBetween(from, to) >= LONGEST_DAYS ? 'too-long' : undefined
}

/** A refusal says why; the applicant has a right to it. */
export function needsReason(decision: Decision): boolean {
  return decision === 'refused'
}

function daysBetween(from: Day, to: Day): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000
}
