import { addDays } from '@liberacces/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { payersOn, WHOLE, type CustodyRule } from '../src/domain/custody.ts'
import { periodsOf } from '../src/store/payer-periods.ts'

const day = fc.integer({ min: 0, max: 400 }).map((days) => addDays('2026-01-01', days))
const rule: fc.Arbitrary<CustodyRule> = fc.oneof(
  fc.record({ kind: fc.constant('shared' as const), firstDay: day, firstGuardianId: fc.constant('a'), secondGuardianId: fc.constantFrom('b', undefined), firstShare: fc.integer({ min: 0, max: WHOLE }) }),
  fc.record({ kind: fc.constant('alternating' as const), firstDay: day, firstGuardianId: fc.constant('a'), secondGuardianId: fc.constant('b'), handoverWeekday: fc.integer({ min: 1, max: 7 }) }),
)

test('periods of payers say for each day what the day by itself says, follow one another without a gap, and none is like the one before', () => {
  fc.assert(fc.property(day, fc.integer({ min: 0, max: 90 }), fc.array(rule, { maxLength: 4 }), (from, length, rules) => {
    const to = addDays(from, length)
    const periods = periodsOf(rules, 'first', from, to)
    expect([periods[0]?.from, periods.at(-1)?.to]).toEqual([from, to])
    periods.forEach((period, index) => {
      const next = periods[index + 1]
      expect(next === undefined || (next.from === addDays(period.to, 1) && JSON.stringify(next.payers) !== JSON.stringify(period.payers))).toBe(true)
    })
    for (let on = from; on <= to; on = addDays(on, 1)) expect(periods.find((period) => period.from <= on && on <= period.to)?.payers).toEqual(payersOn(on, rules, 'first'))
  }))
})
