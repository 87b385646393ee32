import { IntlMessageFormat } from 'intl-messageformat'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fr } from '../../src/messages.ts'
import { explainPrice } from '../../src/tariffs/explain-price.ts'
import { divided, shareOf } from '../../src/tariffs/money.ts'
import { priceOf, tierOf, type PricedFacts } from '../../src/tariffs/price.ts'
import { tariffFaults } from '../../src/tariffs/tariff-faults.ts'
import type { TariffRules } from '../../src/tariffs/tariff-rules.ts'
import { leCres, spay, town, vailhauques } from './tariffs-of-communes.ts'

const came: PricedFacts = { state: 'present', late: false, unbooked: false, absentDay: 0, quotient: 900, resident: true, rank: 1, minutes: 0 }
const absent = (day: number): PricedFacts => ({ ...came, state: 'absent-unjustified', absentDay: day })
const cents = (rules: TariffRules, facts: Partial<PricedFacts>): number => priceOf(rules, { ...came, ...facts }).cents

/** As a French reader has it. */
const reader = {
  t: (key: keyof typeof fr, values?: Readonly<Record<string, unknown>>): string => String(new IntlMessageFormat(fr[key], 'fr').format(values)),
  format: {
    money: (amount: number): string => new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' }).format(amount / 100), number: (value: number): string => new Intl.NumberFormat('fr-FR').format(value),
    date: String, dateTime: String,
  },
} as unknown as Parameters<typeof explainPrice>[0]
const said = (rules: TariffRules, facts: Partial<PricedFacts>): string => explainPrice(reader, priceOf(rules, { ...came, ...facts })).replaceAll(/[\u00a0\u202f]/g, ' ')

describe('what the communes ask', () => {
  test('Vailhauquès: booked in time 4,20 €, late half as much again, without a booking 10 €', () => {
    expect(cents(vailhauques, { state: 'booked' })).toBe(420)
    expect(cents(vailhauques, { late: true })).toBe(630)
    expect(cents(vailhauques, { unbooked: true, late: true })).toBe(1_000)
    expect(said(vailhauques, { late: true })).toBe('6,30 € = réservé après le délai +50 %')
    expect(said(vailhauques, { unbooked: true })).toBe('10,00 € = prix d’une venue sans réservation')
  })

  test('Le Crès: ill and shown within 48 hours is free, otherwise all is charged', () => {
    expect(cents(leCres, { state: 'absent-justified', absentDay: 1 })).toBe(0)
    expect(cents(leCres, absent(1))).toBe(385)
  })

  test('Spay: who is ill without a certificate pays the first two days', () => {
    expect([1, 2, 3, 4].map((day) => cents(spay, absent(day)))).toEqual([365, 365, 0, 0])
    expect(said(spay, absent(3))).toBe('0,00 € = absence, non facturée')
  })

  test('what waits, was refused or is asked for costs nothing', () => {
    expect((['waiting', 'refused', 'requested'] as const).map((state) => cents(vailhauques, { state, late: true }))).toEqual([0, 0, 0])
  })
})

describe('a matrix of tier, residence and siblings', () => {
  test('a price says which tier, where the family lives, and which child it is', () => {
    expect(said(town, { rank: 2 })).toBe('3,42 € = Tranche 4 (QF 801 à 1 000), commune, 2e enfant −10 %')
    expect(said(town, { resident: false, quotient: 2_000 })).toBe('6,50 € = Tranche 6 (QF à partir de 1 501), hors commune')
  })

  test('a quotient of 0 is one; none at all is the highest tier, and says so', () => {
    expect(cents(town, { quotient: 0 })).toBe(100)
    expect(cents(town, { quotient: undefined })).toBe(520)
    expect(said(town, { quotient: undefined })).toContain('faute de quotient familial')
  })

  test('both ends of a tier belong to it', () => {
    expect([400, 401, 600, 601, 1_500, 1_501].map((quotient) => cents(town, { quotient }))).toEqual([100, 180, 180, 260, 450, 520])
  })

  test('an effort rate is a share of the quotient, within its bounds', () => {
    const effort: TariffRules = { ...vailhauques, price: { kind: 'effort', rate: 3_420, least: 100, most: 600, otherMore: 2_000 }, siblings: [] }
    expect([0, 1_000, 5_000, undefined].map((quotient) => cents(effort, { quotient }))).toEqual([100, 342, 600, 600])
    expect(cents(effort, { quotient: 1_000, resident: false })).toBe(410)
    expect(said(effort, { quotient: 1_000 })).toBe('3,42 € = 0,342 % du quotient familial de 1 000 €')
  })

  test('hours are counted in steps that have begun, less the grace, up to what a day costs at most', () => {
    const hourly: TariffRules = { ...vailhauques, price: { kind: 'hourly', cents: { resident: [200], other: [300] }, stepMinutes: '15', graceMinutes: 5, most: 500 } }
    expect([0, 5, 6, 20, 21, 65, 600].map((minutes) => cents(hourly, { minutes }))).toEqual([0, 0, 50, 50, 100, 200, 500])
    expect(cents(hourly, { minutes: 60, resident: false })).toBe(300)
    expect(said(hourly, { minutes: 21 })).toBe('1,00 € = commune, 21 min de présence, 30 min comptées')
  })
})

describe('what may not be', () => {
  test('tiers that overlap, leave a gap, begin late or end are told by name', () => {
    const [first, second] = town.tiers
    if (first === undefined || second === undefined) throw new Error('The town has tiers.')
    const faults = (tiers: TariffRules['tiers']): readonly string[] => tariffFaults({ ...town, tiers, price: { kind: 'effort', rate: 1, least: 0, most: 1, otherMore: 0 } }).map(({ kind }) => kind)
    expect(tariffFaults(town)).toEqual([])
    expect(faults([first, { ...second, from: 402, to: null }])).toEqual(['gap'])
    expect(faults([first, { ...second, from: 400, to: null }])).toEqual(['overlap'])
    expect(faults([{ ...first, from: 1, to: null }])).toEqual(['start'])
    expect(faults([first])).toEqual(['closed'])
    expect(faults([{ ...first, to: null }, { ...second, to: null }])).toEqual(['open'])
    expect(tariffFaults({ ...town, siblings: [1_000, 500] })).toEqual([{ kind: 'siblings', rank: 2 }])
    expect(tariffFaults({ ...town, tiers: town.tiers.slice(0, 5) }).map(({ kind }) => kind)).toEqual(['closed', 'prices', 'prices'])
  })
})

describe('laws', () => {
  const tiers = fc.uniqueArray(fc.integer({ min: 1, max: 5_000 }), { maxLength: 8 }).map((ends) => {
    const borders = ends.toSorted((a, b) => a - b)
    return [...borders.map((to, index) => ({ name: `T${index}`, from: index === 0 ? 0 : (borders[index - 1] ?? 0) + 1, to })), { name: 'last', from: (borders.at(-1) ?? -1) + 1, to: null }]
  })

  test('tiers without a fault put each quotient into just one', () => {
    fc.assert(fc.property(tiers, fc.integer({ min: 0, max: 10_000 }), (some, quotient) => {
      const price: TariffRules['price'] = { kind: 'fixed', cents: { resident: some.map(() => 1), other: some.map(() => 1) } }
      expect(tariffFaults({ ...town, tiers: some, price })).toEqual([])
      const within = some.filter(({ from, to }) => quotient >= from && (to === null || quotient <= to))
      expect(within).toEqual([tierOf(some, quotient).tier])
    }))
  })

  test('who comes later among brothers and sisters never pays more, nobody less than nothing', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 6 }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 3_000 }), (reductions, rank, quotient) => {
      const rules = { ...town, siblings: reductions.toSorted((a, b) => a - b) }
      const [one, next] = [rank, rank + 1].map((each) => cents(rules, { rank: each, quotient }))
      expect(next).toBeLessThanOrEqual(one ?? 0)
      expect(next).toBeGreaterThanOrEqual(0)
    }))
  })

  test('what an amount is divided into adds up to it, and no part is a cent off its share', () => {
    fc.assert(fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 5 }), (amount, shares) => {
      const parts = divided(amount, shares)
      const sum = shares.reduce((total, share) => total + share, 0)
      expect(parts.reduce((total, part) => total + part, 0)).toBe(amount)
      parts.forEach((part, index) => { expect(Math.abs(part - (amount * (shares[index] ?? 0)) / sum)).toBeLessThan(1) })
    }))
  })

  test('halves of a cent go away from zero', () => {
    expect([shareOf(1, 5_000), shareOf(-1, 5_000), shareOf(333, 5_000), shareOf(0, 10_000)]).toEqual([1, -1, 167, -0 + 0])
  })
})
