import { expect, test } from 'vitest'
import { startOfDay } from '../../src/sites/start-of-day.ts'

const instant = (day: string, later?: number) => {
  const begin = startOfDay(day, later)
  return begin === undefined ? undefined : new Date(begin).toISOString()
}

test('a day of the journal begins at midnight in Paris, in winter and in summer', () => {
  expect([instant('2026-01-15'), instant('2026-07-15')]).toEqual(['2026-01-14T23:00:00.000Z', '2026-07-14T22:00:00.000Z'])
})

test('the day after begins 23 or 25 hours later where the clock changes', () => {
  expect([instant('2026-03-29'), instant('2026-03-29', 1)]).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'])
  expect([instant('2026-10-25'), instant('2026-10-25', 1)]).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'])
})

test.each(['', 'hier', '2026-02-31', '2026', '99999-01-01', '2026-01-01T10:00'])('%j names no day', (text) => {
  expect(startOfDay(text)).toBe(undefined)
})
