import type { BookingState } from '../booking/tables.ts'
import { shareOf } from './money.ts'
import type { Penalty, TariffRules, Tier } from './tariff-rules.ts'

/** What is known of one booking that is to be priced. */
export interface PricedFacts {
  readonly state: BookingState
  /** Made after the deadline. */
  readonly late: boolean
  /** Came without a booking. */
  readonly unbooked: boolean
  /** Which day of one absence it is, from 1; 0 where the child came. */
  readonly absentDay: number
  /** Quotient familial in whole euros; `undefined` where none is known: then the highest tier counts. */
  readonly quotient: number | undefined
  readonly resident: boolean
  /** Which of the household's children that are counted it is, from 1, the eldest first. */
  readonly rank: number
  /** How long the child stayed, in minutes; of units that are priced by the hour. */
  readonly minutes: number
}

/** A step on the way to a price, in the order in which they were taken. Each has a message `tariff.part.<kind>`. */
export type PricePart =
  | { readonly kind: 'tier'; readonly tier: string; readonly from: number; readonly to: number | null; readonly cents: number }
  | { readonly kind: 'no-quotient'; readonly tier: string; readonly cents: number }
  | { readonly kind: 'effort'; readonly quotient: number; readonly rate: number; readonly cents: number }
  | { readonly kind: 'effort-least' | 'effort-most' | 'effort-unknown'; readonly cents: number }
  | { readonly kind: 'resident' | 'other' }
  | { readonly kind: 'other-more'; readonly percent: number; readonly cents: number }
  | { readonly kind: 'minutes'; readonly minutes: number; readonly counted: number; readonly cents: number }
  | { readonly kind: 'day-most'; readonly cents: number }
  | { readonly kind: 'sibling'; readonly rank: number; readonly percent: number; readonly cents: number }
  | { readonly kind: 'late-percent' | 'unbooked-percent'; readonly percent: number; readonly cents: number }
  | { readonly kind: 'late-amount' | 'late-instead' | 'unbooked-amount' | 'unbooked-instead'; readonly cents: number }
  | { readonly kind: 'absent-charged' | 'absent-free'; readonly justified: boolean; readonly percent: number; readonly cents: number }
  | { readonly kind: 'not-charged' }

/** A price, and how it came about: `cents` is what the last part that has some says. */
export interface Price {
  /** 0 or more. */
  readonly cents: number
  readonly parts: readonly PricePart[]
}

/**
 * What a booking costs by a tariff, and why.
 * @param rules - without faults (`tariffFaults`)
 */
export function priceOf(rules: TariffRules, facts: PricedFacts): Price {
  if (facts.state === 'waiting' || facts.state === 'refused' || facts.state === 'requested') return { cents: 0, parts: [{ kind: 'not-charged' }] }
  const parts: PricePart[] = []
  let cents = basePrice(rules, facts, parts)
  const percent = rules.siblings[Math.min(facts.rank, rules.siblings.length) - 1] ?? 0
  if (percent > 0) {
    cents -= shareOf(cents, percent)
    parts.push({ kind: 'sibling', rank: facts.rank, percent, cents })
  }
  if (facts.state === 'absent-justified' || facts.state === 'absent-unjustified') return absentPrice(rules, facts, cents, parts)
  // Who came without a booking did not book late.
  if (facts.unbooked) cents = penalised('unbooked', rules.unbooked, cents, parts)
  else if (facts.late) cents = penalised('late', rules.late, cents, parts)
  return { cents, parts }
}

/** The tier of a quotient; the highest where none is known. */
export function tierOf(tiers: readonly Tier[], quotient: number | undefined): { readonly tier: Tier; readonly index: number } {
  const found = quotient === undefined ? -1 : tiers.findIndex(({ from, to }) => quotient >= from && (to === null || quotient <= to))
  const index = found === -1 ? tiers.length - 1 : found
  const tier = tiers[index]
  if (tier === undefined) throw new RangeError('A tariff has at least one tier.')
  return { tier, index }
}

function basePrice({ tiers, price }: TariffRules, facts: PricedFacts, parts: PricePart[]): number {
  if (price.kind === 'effort') return effortPrice(price, facts, parts)
  const { tier, index } = tierOf(tiers, facts.quotient)
  const listed = (facts.resident ? price.cents.resident : price.cents.other)[index] ?? 0
  if (tiers.length > 1) parts.push(facts.quotient === undefined ? { kind: 'no-quotient', tier: tier.name, cents: listed } : { kind: 'tier', tier: tier.name, from: tier.from, to: tier.to, cents: listed })
  if (price.cents.resident[index] !== price.cents.other[index]) parts.push({ kind: facts.resident ? 'resident' : 'other' })
  if (price.kind === 'fixed') return listed
  const step = Number(price.stepMinutes)
  const counted = Math.ceil(Math.max(0, facts.minutes - price.graceMinutes) / step) * step
  const cents = hours(listed, counted)
  parts.push({ kind: 'minutes', minutes: facts.minutes, counted, cents })
  if (price.most === null || cents <= price.most) return cents
  parts.push({ kind: 'day-most', cents: price.most })
  return price.most
}

function effortPrice(price: Extract<TariffRules['price'], { kind: 'effort' }>, { quotient, resident }: PricedFacts, parts: PricePart[]): number {
  let cents = price.most
  if (quotient === undefined) parts.push({ kind: 'effort-unknown', cents })
  else {
    // Euros times millionths: a hundredth of a thousandth of a cent; rounded once.
    cents = Math.floor((quotient * price.rate * 2 + 10_000) / 20_000)
    parts.push({ kind: 'effort', quotient, rate: price.rate, cents })
    if (cents < price.least) parts.push({ kind: 'effort-least', cents: (cents = price.least) })
    if (cents > price.most) parts.push({ kind: 'effort-most', cents: (cents = price.most) })
  }
  if (!resident && price.otherMore > 0) parts.push({ kind: 'other-more', percent: price.otherMore, cents: (cents += shareOf(cents, price.otherMore)) })
  return cents
}

function absentPrice({ absence }: TariffRules, { state, absentDay }: PricedFacts, cents: number, parts: PricePart[]): Price {
  const justified = state === 'absent-justified'
  const { percent, days } = justified ? absence.justified : absence.unjustified
  const isCharged = percent > 0 && (days === null || absentDay <= days)
  const charged = isCharged ? shareOf(cents, percent) : 0
  parts.push({ kind: isCharged ? 'absent-charged' : 'absent-free', justified, percent, cents: charged })
  return { cents: charged, parts }
}

function penalised(what: 'late' | 'unbooked', penalty: Penalty, cents: number, parts: PricePart[]): number {
  if (penalty === null) return cents
  switch (penalty.kind) {
    case 'percent': {
      const more = cents + shareOf(cents, penalty.percent)
      parts.push({ kind: `${what}-percent`, percent: penalty.percent, cents: more })
      return more
    }
    case 'amount': parts.push({ kind: `${what}-amount`, cents: cents + penalty.cents }); return cents + penalty.cents
    case 'instead': parts.push({ kind: `${what}-instead`, cents: penalty.cents }); return penalty.cents
  }
}

/** So many minutes of a price for an hour, rounded to the cent, halves up. */
function hours(centsPerHour: number, minutes: number): number {
  return Math.floor((centsPerHour * minutes * 2 + 60) / 120)
}
