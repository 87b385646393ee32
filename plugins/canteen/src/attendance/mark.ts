import type { BookingState } from '../booking/tables.ts'

/** What can be recorded of a child. `none` takes back what was recorded. */
export const MARKS = ['present', 'late', 'absent', 'excused', 'none'] as const
/** One of them. */
export type Mark = (typeof MARKS)[number]

/** What a booking becomes by a mark; `undefined` where it becomes again what it was. */
export const STATE_OF_MARK: Readonly<Record<Mark, BookingState | undefined>> = {
  present: 'present', late: 'present', absent: 'absent-unjustified', excused: 'absent-justified', none: undefined,
}

/** What two entries about one child, unit and day are compared by. */
export interface Recorded {
  /** Entry. */
  readonly id: string
  /** ISO 8601 in UTC. */
  readonly recordedAt: string
}

/**
 * Whether an entry holds against another: what was recorded last does, whichever came first. Of two at the same millisecond it is the one with the greater id, so that all
 * orders of arrival end alike.
 */
export function holdsAgainst(one: Recorded, other: Recorded): boolean {
  return one.recordedAt === other.recordedAt ? one.id > other.id : one.recordedAt > other.recordedAt
}

/**
 * When something was recorded by our clock, when the device's may be wrong. Never later than now.
 * @param recordedAt - by the device's clock
 * @param sentAt - the same clock, when it was sent
 * @param receivedAt - our clock, at that moment
 */
export function correctedMoment(recordedAt: Date, sentAt: Date, receivedAt: Date): Date {
  return new Date(Math.min(receivedAt.getTime(), recordedAt.getTime() + receivedAt.getTime() - sentAt.getTime()))
}

/** When something is recorded by who sees what holds: after that, also within one millisecond. */
export function momentAfter(now: Date, held: string | undefined): string {
  return new Date(held === undefined ? now.getTime() : Math.max(now.getTime(), Date.parse(held) + 1)).toISOString()
}
