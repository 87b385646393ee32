/** What is known of an item, and what follows from its dates. Pure: it imports nothing of the platform, and the day comes in. */

/** What an item may be. Each has a message `field.category.<category>`. */
export const CATEGORIES = ['key', 'bag', 'phone', 'document', 'clothing', 'jewellery', 'other'] as const
/** One of them. */
export type Category = (typeof CATEGORIES)[number]

/** A calendar day in metropolitan France, `YYYY-MM-DD`. Days compare as text. */
export type Day = string

/** Where an item stands. Each has a message `state.<state>`. */
export type ItemState = 'kept' | 'returned' | 'unclaimed'

/** The dates that decide where an item stands. */
export interface ItemDates {
  /** The last day on which it can be claimed. */
  readonly keptUntil: Day
  readonly returnedOn: Day | undefined
}

/** Where an item stands on a day. */
export function stateOn({ keptUntil, returnedOn }: ItemDates, today: Day): ItemState {
  if (returnedOn !== undefined) return 'returned'
  return today <= keptUntil ? 'kept' : 'unclaimed'
}

/** The day it is in metropolitan France at an instant. */
export function dayOf(instant: Date): Day {
  return new Intl.DateTimeFormat('fr-CA', { timeZone: 'Europe/Paris', year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant)
}

/** A day some days later, or earlier for a negative number. */
export function addDays(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
