import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, asDay, parseDay } from '../src/day.ts'

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
})
