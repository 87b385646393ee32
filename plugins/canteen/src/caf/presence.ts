/** Presence by age and régime, as the CAF asks for it. Pure: who came is given. */
import { ageOn } from '@liberacces/sdk'
import type { BookingTables } from '../booking/tables.ts'

/** Ages of the CAF's forms, as on the day of presence. `unknown`: the child is no more. Each has a message `caf.age.<age>`. */
export const AGES = ['under-6', '6-11', '12-17', 'adult', 'unknown'] as const
/** One of them. */
export type Age = (typeof AGES)[number]

/** Who the family's allowances are from, as its quotient says. Each has a message `caf.regime.<regime>`. */
export const REGIMES = ['CNAF', 'MSA', 'unknown'] as const
/** One of them. */
export type Regime = (typeof REGIMES)[number]

/** A booking as it is counted. */
export type Counted = Pick<BookingTables['booking'], 'child_id' | 'household_id' | 'unit_id' | 'day' | 'state' | 'arrived_at' | 'left_at'>

/** A unit as it is counted; `minutes` is how long it lasts. */
export interface CountedUnit { readonly activity: string; readonly minutes: number }

/** What is counted of one activity, one age and one régime, or of several together. */
export interface Presence {
  readonly activity: string
  readonly children: number
  /** Days on which somebody came. */
  readonly days: number
  /** Expected, come or not: what was booked and not cancelled. */
  readonly booked: number; readonly bookedMinutes: number
  readonly present: number; readonly presentMinutes: number
}

/** See {@link Presence}. */
export interface PresenceGroup extends Presence { readonly age: Age; readonly regime: Regime }

/** How old somebody is on a day, in the classes of the forms. */
export function ageClass(birthDay: string | undefined, day: string): Age {
  if (birthDay === undefined) return 'unknown'
  const age = ageOn(birthDay, day)
  return age < 6 ? 'under-6' : age < 12 ? '6-11' : age < 18 ? '12-17' : 'adult'
}

interface Sum { activity: string; readonly children: Set<string>; readonly days: Set<string>; booked: number; bookedMinutes: number; present: number; presentMinutes: number }

/** Counts bookings as they come, and gives what they come to: by activity, age and régime, and by activity. */
export class PresenceCount {
  readonly #units: ReadonlyMap<string, CountedUnit>
  readonly #groups = new Map<string, Sum & { readonly age: Age; readonly regime: Regime }>()
  readonly #activities = new Map<string, Sum>()

  constructor(units: ReadonlyMap<string, CountedUnit>) {
    this.#units = units
  }

  /** Counts a booking; what waits, was asked for or was refused is none. */
  add(booking: Counted, birthDay: string | undefined, regime: Regime): void {
    const unit = this.#units.get(booking.unit_id)
    if (unit === undefined || booking.state === 'waiting' || booking.state === 'requested' || booking.state === 'refused') return
    const age = ageClass(birthDay, booking.day)
    const key = `${unit.activity}\n${age}\n${regime}`
    const group = this.#groups.get(key) ?? { ...empty(unit.activity), age, regime }
    const activity = this.#activities.get(unit.activity) ?? empty(unit.activity)
    this.#groups.set(key, group)
    this.#activities.set(unit.activity, activity)
    for (const sum of [group, activity]) count(sum, booking, unit.minutes)
  }

  /** By activity, age and régime, in this order. */
  groups(): readonly PresenceGroup[] {
    return [...this.#groups.values()].map(({ age, regime, ...sum }) => ({ ...presenceOf(sum), age, regime }))
      .toSorted((a, b) => a.activity.localeCompare(b.activity, 'fr') || AGES.indexOf(a.age) - AGES.indexOf(b.age) || REGIMES.indexOf(a.regime) - REGIMES.indexOf(b.regime))
  }

  /** By activity. A child that had a birthday is counted once here, and in two ages above. */
  activities(): readonly Presence[] {
    return [...this.#activities.values()].map(presenceOf).toSorted((a, b) => a.activity.localeCompare(b.activity, 'fr'))
  }
}

function empty(activity: string): Sum {
  return { activity, children: new Set(), days: new Set(), booked: 0, bookedMinutes: 0, present: 0, presentMinutes: 0 }
}

function count(sum: Sum, { child_id: child, day, state, arrived_at: from, left_at: to }: Counted, minutes: number): void {
  sum.children.add(child)
  sum.booked += 1
  sum.bookedMinutes += minutes
  if (state !== 'present') return
  sum.days.add(day)
  sum.present += 1
  sum.presentMinutes += from === null || to === null ? minutes : Math.max(0, Math.ceil((Date.parse(to) - Date.parse(from)) / 60_000))
}

function presenceOf({ children, days, ...sum }: Sum): Presence {
  return { ...sum, children: children.size, days: days.size }
}
