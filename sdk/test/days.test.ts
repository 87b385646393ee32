import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, ageOn, asDay, daysFrom, isoWeekOf, mondayOf, parseDay, weekdayOf } from '../src/days.ts'

describe('days', () => {
  test.each([['2026-03-15', '2026-03-15'], ['15/3/2026', '2026-03-15'], ['29/02/2028', '2028-02-29']])('%s is read as %s', (text, day) => {
    expect(parseDay(text)).toBe(day)
  })

  test.each(['', '2026-02-29', '31/04/2026', '15/03/26', '1899-12-31', '2200-01-01', '2026-3-1', '2026-03-15T00:00', 'demain'])('%j is no day', (text) => {
    expect(parseDay(text)).toBeUndefined()
  })

  test('going there and back is staying', () => {
    fc.assert(fc.property(fc.integer({ min: -20_000, max: 20_000 }), (days) => addDays(addDays(asDay('2026-03-15'), days), -days) === '2026-03-15'))
  })

  test('what is known to be a day is one', () => {
    expect(() => asDay('2027-02-29')).toThrow('2027-02-29')
  })

  test('a week goes from its Monday to its Sunday, and its days have one number', () => {
    fc.assert(fc.property(fc.integer({ min: -20_000, max: 20_000 }), (days) => {
      const monday = mondayOf(addDays(asDay('2026-03-15'), days))
      const week = daysFrom(monday, addDays(monday, 6))
      return week.map(weekdayOf).join('') === '1234567' && new Set(week.map(isoWeekOf)).size === 1
    }))
  })

  test.each([['2020-12-31', 53], ['2021-01-03', 53], ['2021-01-04', 1], ['2024-12-30', 1], ['2027-01-01', 53]])('%s lies in ISO week %i', (day, week) => {
    expect(isoWeekOf(day)).toBe(week)
  })

  test('who is born on 29 February is a year older on 1 March of common years', () => {
    expect(ageOn('2016-02-29', '2027-02-28')).toBe(10)
    expect(ageOn('2016-02-29', '2027-03-01')).toBe(11)
    expect(ageOn('2016-02-29', '2028-02-29')).toBe(12)
  })
})
