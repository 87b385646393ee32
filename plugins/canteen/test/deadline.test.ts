import { addDays, weekdayOf } from '@liberacces/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parisInstant, parisWall } from '../src/booking/calendar/paris-instant.ts'
import { deadlineOf, isReached } from '../src/booking/deadlines/deadline.ts'
import { parseRules, type Limit } from '../src/booking/deadlines/rules.ts'

const day = fc.integer({ min: 0, max: 3_650 }).map((days) => addDays('2024-01-01', days))
const at = fc.oneof(fc.constant('24:00'), fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`))
const weekday = fc.integer({ min: 1, max: 7 })
const limit: fc.Arbitrary<Limit> = fc.oneof(
  fc.record({ kind: fc.constant('days-before' as const), days: fc.integer({ min: 0, max: 60 }), at, skip: fc.uniqueArray(fc.oneof(fc.constant('weekend' as const), fc.constant('public-holiday' as const), weekday), { maxLength: 8 }) }),
  fc.record({ kind: fc.constantFrom('previous-weekday' as const, 'week-before' as const, 'second-week-before' as const), weekday, at }),
  fc.record({ kind: fc.constant('month-before' as const), dayOfMonth: fc.integer({ min: 1, max: 31 }), at }),
)

describe('limits of all kinds', () => {
  test('never lie after the end of the day itself, and name an instant that a clock in Paris shows', () => {
    fc.assert(fc.property(day, limit, (each, rule) => {
      const deadline = deadlineOf(each, rule)
      expect(deadline.instant).toBeLessThanOrEqual(parisInstant(each, '24:00'))
      expect(rule.kind === 'days-before' || deadline.day < each).toBe(true)
      const wall = parisWall(deadline.instant)
      // The hour that the spring change skips is the only one that no clock shows.
      const shown = deadline.at === '24:00' ? { day: addDays(deadline.day, 1), at: '00:00' } : { day: deadline.day, at: deadline.at.startsWith('02:') ? wall.at : deadline.at }
      expect(wall).toEqual(shown)
    }), { numRuns: 400 })
  })

  test('counted back over fewer days, or with fewer days left out, they are never earlier', () => {
    fc.assert(fc.property(day, fc.integer({ min: 0, max: 30 }), at, (each, days, time) => {
      const back = (count: number, skip: (Limit & { kind: 'days-before' })['skip']) => deadlineOf(each, { kind: 'days-before', days: count, at: time, skip }).instant
      expect(back(days + 1, [])).toBeLessThan(back(days, []))
      expect(back(days, ['weekend', 'public-holiday'])).toBeLessThanOrEqual(back(days, ['weekend']))
      expect(back(days, ['weekend'])).toBeLessThanOrEqual(back(days, []))
    }), { numRuns: 200 })
  })

  test('a later day has no earlier limit, save where working days are counted back from days that do not count', () => {
    fc.assert(fc.property(day, limit, (each, rule) => {
      expect(deadlineOf(addDays(each, 7), rule).instant).toBeGreaterThanOrEqual(deadlineOf(each, rule).instant)
    }), { numRuns: 200 })
  })

  test.each<[string, Limit, string, string]>([
    ['the day before, weekends left out: of a Monday it is Friday', { kind: 'days-before', days: 1, at: '10:00', skip: ['weekend'] }, '2026-03-02', '2026-02-27T09:00:00.000Z'],
    ['two working days before Tuesday after Easter Monday', { kind: 'days-before', days: 2, at: '09:00', skip: ['weekend', 'public-holiday'] }, '2026-04-07', '2026-04-02T07:00:00.000Z'],
    ['Wednesdays left out', { kind: 'days-before', days: 1, at: '12:00', skip: [3] }, '2026-03-05', '2026-03-03T11:00:00.000Z'],
    ['where no weekday would count, all do', { kind: 'days-before', days: 2, at: '12:00', skip: [1, 2, 3, 4, 5, 'weekend'] }, '2026-03-05', '2026-03-03T11:00:00.000Z'],
    ['the previous Friday of a Friday is a week before', { kind: 'previous-weekday', weekday: 5, at: '09:00' }, '2026-03-06', '2026-02-27T08:00:00.000Z'],
    ['Thursday of the week before, of a Monday', { kind: 'week-before', weekday: 4, at: '12:00' }, '2026-03-02', '2026-02-26T11:00:00.000Z'],
    ['Thursday of the week before, of a Friday', { kind: 'week-before', weekday: 4, at: '12:00' }, '2026-03-06', '2026-02-26T11:00:00.000Z'],
    ['Sunday two weeks before', { kind: 'second-week-before', weekday: 7, at: '24:00' }, '2026-03-04', '2026-02-22T23:00:00.000Z'],
    ['day 31 of February is its last', { kind: 'month-before', dayOfMonth: 31, at: '18:00' }, '2028-03-15', '2028-02-29T17:00:00.000Z'],
    ['day 20 of the month before January', { kind: 'month-before', dayOfMonth: 20, at: '18:00' }, '2027-01-04', '2026-12-20T17:00:00.000Z'],
    ['the morning on which clocks go forward', { kind: 'days-before', days: 1, at: '02:30', skip: [] }, '2026-03-30', '2026-03-29T01:30:00.000Z'],
    ['midnight after it', { kind: 'days-before', days: 1, at: '24:00', skip: [] }, '2026-03-30', '2026-03-29T22:00:00.000Z'],
    ['the hour that comes twice ends the second time', { kind: 'days-before', days: 1, at: '02:30', skip: [] }, '2026-10-26', '2026-10-25T01:30:00.000Z'],
  ])('%s', (_name, rule, of, expected) => {
    const deadline = deadlineOf(of, rule)
    expect(new Date(deadline.instant).toISOString()).toBe(expected)
    expect([isReached(deadline, deadline.instant), isReached(deadline, deadline.instant + 1), isReached(undefined, Number.MAX_SAFE_INTEGER)]).toEqual([false, true, false])
    expect(weekdayOf(of)).toBeGreaterThan(0)
  })
})

describe('rules of an activity', () => {
  const good = { add: [{ weekdays: '1234567', limit: { kind: 'previous-weekday', weekday: 5, at: '09:00' } }], cancel: 'same', late: 'refused', openOn: ['school'], waitingList: true, offerHours: 24 }
  test('are read back', () => { expect(parseRules(JSON.stringify(good))).toEqual(good) })
  test.each([
    ['a limit of no kind', { ...good, add: [{ weekdays: '1234567', limit: { kind: 'someday' } }] }],
    ['a time that is none', { ...good, add: [{ weekdays: '1234567', limit: { kind: 'previous-weekday', weekday: 5, at: '25:00' } }] }],
    ['a weekday without limit', { ...good, add: [{ weekdays: '123456', limit: good.add[0]?.limit }] }],
    ['a weekday without limit for cancelling', { ...good, cancel: [{ weekdays: '1', limit: good.add[0]?.limit }] }],
    ['no limit at all', { ...good, add: [] }],
    ['no kind of day', { ...good, openOn: [] }],
  ])('refuse %s', (_name, rules) => { expect(() => parseRules(JSON.stringify(rules))).toThrow(TypeError) })
})
