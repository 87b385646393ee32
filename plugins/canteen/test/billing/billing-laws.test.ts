import fc from 'fast-check'
import { expect, test } from 'vitest'
import { householdLines, type BilledHousehold, type BillingScope } from '../../src/billing/campaign/household-lines.ts'
import { invoiceNumber, paymentReference } from '../../src/billing/invoice-number.ts'
import { priceOf, type PricedFacts } from '../../src/tariffs/price.ts'
import type { TariffRules } from '../../src/tariffs/tariff-rules.ts'
import { town } from '../tariffs/tariffs-of-communes.ts'

const facts: PricedFacts = { state: 'present', late: false, unbooked: false, absentDay: 0, quotient: 0, resident: true, rank: 1, minutes: 60 }
const percent = fc.integer({ min: 0, max: 10_000 })
const penalty = fc.oneof(fc.constant(null), fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 0, max: 100_000 }) }), fc.record({ kind: fc.constantFrom('amount' as const, 'instead' as const), cents: fc.integer({ min: 0, max: 5_000 }) }))

/** Grids whose price does not fall as the quotient grows: what communes call degressive, seen from the top. */
const grid: fc.Arbitrary<TariffRules> = fc.record({
  ends: fc.uniqueArray(fc.integer({ min: 0, max: 3_000 }), { maxLength: 8 }), cents: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 9, maxLength: 9 }), siblings: fc.array(percent, { maxLength: 6 }),
  late: penalty, unbooked: penalty, unjustified: fc.record({ percent, days: fc.option(fc.integer({ min: 1, max: 5 })) }),
}).map(({ ends, cents, siblings, late, unbooked, unjustified }) => {
  const tos: (number | null)[] = [...ends.toSorted((a, b) => a - b), null]
  const prices = cents.toSorted((a, b) => a - b).slice(0, tos.length)
  return {
    tiers: tos.map((to, index) => ({ name: `T${index}`, from: index === 0 ? 0 : Number(tos[index - 1]) + 1, to })), price: { kind: 'fixed' as const, cents: { resident: prices, other: prices.map((price) => price * 2) } },
    siblings: siblings.toSorted((a, b) => a - b), late, unbooked, absence: { justified: { percent: 0, days: null }, unjustified },
  }
})
const someFacts: fc.Arbitrary<PricedFacts> = fc.record({
  state: fc.constantFrom('present' as const, 'booked' as const, 'absent-justified' as const, 'absent-unjustified' as const), late: fc.boolean(), unbooked: fc.boolean(), absentDay: fc.integer({ min: 1, max: 6 }),
  quotient: fc.option(fc.integer({ min: 0, max: 4_000 }), { nil: undefined }), resident: fc.boolean(), rank: fc.integer({ min: 1, max: 8 }), minutes: fc.integer({ min: 0, max: 600 }),
})

test('where a grid grows with the quotient, so does every price by it; none known pays what the highest pays', () => {
  fc.assert(fc.property(grid, someFacts, fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 0, max: 4_000 }), (rules, some, a, b) => {
    const of = (quotient: number | undefined): number => priceOf(rules, { ...some, quotient }).cents
    expect(of(Math.min(a, b))).toBeLessThanOrEqual(of(Math.max(a, b)))
    expect(of(undefined)).toBe(of(100_000))
  }))
})

test('a price is integer cents, never below zero, and is what its last step says', () => {
  fc.assert(fc.property(grid, someFacts, (rules, some) => {
    const { cents, parts } = priceOf(rules, some)
    expect([Number.isInteger(cents), cents >= 0]).toEqual([true, true])
    // A grid of one tier for all says no step where there is nothing to explain.
    const said = parts.flatMap((part) => ('cents' in part ? [part.cents] : []))
    expect(said.at(-1) ?? cents).toBe(cents)
  }))
})

test('an effort rate stays between its least and its most, and grows with the quotient', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 0, max: 90_000 }), (rate, least, more, a, b) => {
    const rules: TariffRules = { ...town, siblings: [], price: { kind: 'effort', rate, least, most: least + more, otherMore: 0 } }
    const [low, high] = [Math.min(a, b), Math.max(a, b)].map((quotient) => priceOf(rules, { ...facts, quotient }).cents) as [number, number]
    expect([low >= least, high <= least + more, low <= high, Number.isInteger(low)]).toEqual([true, true, true, true])
  }))
})

const DAYS = Array.from({ length: 12 }, (_, index) => `2026-10-${String(index + 1).padStart(2, '0')}`)
const PAYERS = [{ guardianId: 'a', share: 3_333 }, { guardianId: 'b', share: 6_667 }]
const scope = (rules: TariffRules): BillingScope => ({
  regieId: 'regie', firstDay: '2026-10-01', lastDay: '2026-10-31', earlier: [], units: new Map([['repas', { name: 'Repas', minutes: 90 }]]),
  tariffs: [{ regieId: 'regie', unitId: 'repas', firstDay: '2026-01-01', lastDay: null, rules, siblingsCounted: 'registered', account: '', childcare: false }],
})
const booking = fc.record({ day: fc.constantFrom(...DAYS), state: fc.constantFrom('present' as const, 'absent-unjustified' as const, 'absent-justified' as const, 'waiting' as const), late: fc.constantFrom(0, 1), unbooked: fc.constantFrom(0, 1), child: fc.constantFrom('un', 'deux') })
const household = (some: readonly { readonly day: string; readonly state: 'present' | 'absent-unjustified' | 'absent-justified' | 'waiting'; readonly late: number; readonly unbooked: number; readonly child: string }[], billed: BilledHousehold['billed'] = []): BilledHousehold => ({
  resident: true, children: [{ id: 'un', name: 'Un', birthDay: '2018-01-01' }, { id: 'deux', name: 'Deux', birthDay: '2020-01-01' }], enrolled: new Map([['cantine', new Set(['un', 'deux'])]]), quotients: new Map([['2026-10', 700]]), payersOn: () => PAYERS, billed,
  bookings: [...new Map(some.map((each) => [`${each.child} ${each.day}`, each])).entries()].map(([id, each]) => ({ id, child_id: each.child, activity_id: 'cantine', unit_id: 'repas', day: each.day, state: each.state, late: each.late, unbooked: each.unbooked, arrived_at: null, left_at: null })),
})
const asBilled = (lines: readonly { readonly bookingId: string; readonly guardianId: string; readonly cents: number; readonly childId: string; readonly day: string }[]): BilledHousehold['billed'] => [...Map.groupBy(lines, ({ bookingId, guardianId }) => `${bookingId} ${guardianId}`).values()].map((of) => ({
  bookingId: of[0]?.bookingId ?? '', guardianId: of[0]?.guardianId ?? '', cents: of.reduce((sum, { cents }) => sum + cents, 0), childId: of[0]?.childId ?? '', childName: '', unitId: 'repas', activityId: 'cantine', day: of[0]?.day ?? '', account: '', childcare: 0,
}))
const sum = (lines: readonly { readonly cents: number }[]): number => lines.reduce((total, { cents }) => total + cents, 0)

test('what the payers of a household pay adds up to its prices, in integer cents', () => {
  fc.assert(fc.property(grid, fc.array(booking, { maxLength: 24 }), (rules, some) => {
    const { lines } = householdLines(scope(rules), household(some))
    const priced = new Map(lines.map(({ bookingId, priceCents }) => [bookingId, priceCents]))
    expect([sum(lines), lines.every(({ cents }) => Number.isInteger(cents))]).toEqual([[...priced.values()].reduce((total, cents) => total + cents, 0), true])
  }))
})

test('billed again without a change it owes nothing; what is taken back altogether comes to nothing; what changes comes to what it costs now', () => {
  fc.assert(fc.property(grid, fc.array(booking, { maxLength: 16 }), fc.array(booking, { maxLength: 16 }), (rules, first, then) => {
    const before = householdLines(scope(rules), household(first)).lines
    const billed = asBilled(before)
    expect(householdLines(scope(rules), household(first, billed)).lines.filter(({ cents }) => cents !== 0)).toEqual([])
    expect(sum(before) + sum(householdLines(scope(rules), household([], billed)).lines)).toBe(0)
    expect(sum(before) + sum(householdLines(scope(rules), household(then, billed)).lines)).toBe(sum(householdLines(scope(rules), household(then)).lines))
  }))
})

test('no two invoices of régies have the same number or reference, and a wrong digit of a reference is noticed', () => {
  const number = fc.record({ regie: fc.integer({ min: 1, max: 99 }), number: fc.integer({ min: 1, max: 9_999_999 }), year: fc.integer({ min: 2020, max: 2099 }) })
  fc.assert(fc.property(number, number, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 9 }), (a, b, place, more) => {
    const of = (each: typeof a) => ({ kind: 'invoice', number: each.number, issued_on: `${each.year}-11-30` }) as const
    const reference = paymentReference(a.regie, of(a)) ?? ''
    const isSame = a.regie === b.regie && a.number === b.number && a.year === b.year
    expect([invoiceNumber(a.regie, of(a)) === invoiceNumber(b.regie, of(b)), reference === paymentReference(b.regie, of(b))]).toEqual([isSame, isSame])
    expect(reference).toMatch(/^\d{13}$/)
    const wrong = `${reference.slice(0, place)}${(Number(reference[place]) + more) % 10}${reference.slice(place + 1)}`
    expect((Number(wrong.slice(0, -2)) + Number(wrong.slice(-2))) % 97).not.toBe(0)
  }))
})
