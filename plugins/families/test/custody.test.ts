import { addDays, ageOn, isoWeekOf, parseDay, weekdayOf } from '@liberacces/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { payersOn, WHOLE, type CustodyRule } from '../src/domain/custody.ts'
import { nextClass, schoolYearOf, type KnownClass } from '../src/domain/school-year.ts'

const day = fc.integer({ min: 0, max: 4_000 }).map((days) => addDays('2022-01-01', days))
const rule = fc.oneof(
  fc.record({ kind: fc.constant('shared' as const), firstDay: day, firstGuardianId: fc.constant('a'), secondGuardianId: fc.constantFrom('b', undefined), firstShare: fc.integer({ min: 0, max: WHOLE }) }),
  fc.record({ kind: fc.constant('alternating' as const), firstDay: day, firstGuardianId: fc.constant('a'), secondGuardianId: fc.constant('b'), handoverWeekday: fc.integer({ min: 1, max: 7 }) }),
)

test('every day has a payer, and the shares of a day add up to the whole, whatever was agreed', () => {
  fc.assert(fc.property(day, fc.array(rule, { maxLength: 5 }), (on, rules) => {
    const payers = payersOn(on, rules, 'first')
    return payers.length > 0 && payers.every(({ share }) => share > 0) && payers.reduce((sum, { share }) => sum + share, 0) === WHOLE && new Set(payers.map(({ guardianId }) => guardianId)).size === payers.length
  }))
})

test('children change on the hand-over day and on no other, and each stay is seven days but at the turn of a long year', () => {
  fc.assert(fc.property(day, fc.integer({ min: 1, max: 7 }), (on, handoverWeekday) => {
    const rules: readonly CustodyRule[] = [{ kind: 'alternating', firstDay: '2000-01-01', firstGuardianId: 'a', secondGuardianId: 'b', handoverWeekday }]
    const [before, after] = [payersOn(addDays(on, -1), rules, 'x')[0]?.guardianId, payersOn(on, rules, 'x')[0]?.guardianId]
    return before === after || weekdayOf(on) === handoverWeekday
  }))
})

test('a stay is named after the week in which it begins; week 53 and week 1 are one long stay', () => {
  const rules: readonly CustodyRule[] = [{ kind: 'alternating', firstDay: '2026-09-01', firstGuardianId: 'even', secondGuardianId: 'odd', handoverWeekday: 5 }]
  const hosts = (from: string, days: number) => Array.from({ length: days }, (_, index) => payersOn(addDays(from, index), rules, 'first')[0]?.guardianId)
  // Friday 11 December 2026 is in week 50; the stay goes over the Monday of week 51.
  expect([isoWeekOf('2026-12-11'), hosts('2026-12-10', 9)]).toEqual([50, ['odd', ...Array<string>(7).fill('even'), 'odd']])
  expect([isoWeekOf('2026-12-31'), isoWeekOf('2027-01-03'), isoWeekOf('2027-01-04')]).toEqual([53, 53, 1])
  expect(new Set(hosts('2027-01-01', 14))).toEqual(new Set(['odd']))
  // Before the rule the first guardian pays, and the rule that began last holds.
  expect(payersOn('2026-08-31', rules, 'first')).toEqual([{ guardianId: 'first', share: WHOLE }])
  expect(payersOn('2027-02-01', [...rules, { kind: 'shared', firstDay: '2027-01-15', firstGuardianId: 'a', secondGuardianId: 'b', firstShare: 6_500 }], 'first')).toEqual([{ guardianId: 'a', share: 6_500 }, { guardianId: 'b', share: 3_500 }])
})

test('days that are none are refused, leap days are days, and who is born on one has a birthday on 1 March', () => {
  expect(['29/02/2028', '29/02/2027', '2026-13-01', '31/4/2026', '1/9/2026', '0000-01-01', '2026-9-1'].map(parseDay)).toEqual(['2028-02-29', undefined, undefined, undefined, '2026-09-01', undefined, undefined])
  expect([ageOn('2020-02-29', '2026-02-28'), ageOn('2020-02-29', '2026-03-01'), ageOn('2020-03-02', '2026-03-02')]).toEqual([5, 6, 6])
  expect([schoolYearOf('2026-08-31').year, schoolYearOf('2026-09-01').year]).toEqual([2025, 2026])
})

test('in September a child goes to the next level of the same school, else of the only school that has one', () => {
  const made = (id: string, schoolId: string, level: KnownClass['level']): KnownClass => ({ id, schoolId, level })
  const [gs, cp, cp2, cm2] = [made('gs', 'm', 'GS'), made('cp', 'e', 'CP'), made('cp2', 'f', 'CP'), made('cm2', 'e', 'CM2')]
  expect([nextClass(gs, [gs, cp, cm2]), nextClass(gs, [gs, cp, cp2]), nextClass(cm2, [gs, cp, cm2]), nextClass(made('ce1', 'e', 'CE1'), [cp])]).toEqual([cp, undefined, undefined, undefined])
})
