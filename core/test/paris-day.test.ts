import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parisDayAt } from '../src/paris-day.ts'

const dayOf = (text: string): string => parisDayAt(Date.parse(text)).day

test('[R12] the day changes at midnight in Paris, in winter and in summer, also when the clock goes back', () => {
  expect(['2026-01-31T22:59:59.999Z', '2026-01-31T23:00:00Z', '2026-07-14T21:59:59.999Z', '2026-07-14T22:00:00Z', '2026-01-31T22:59:59.999Z'].map(dayOf))
    .toEqual(['2026-01-31', '2026-02-01', '2026-07-14', '2026-07-15', '2026-01-31'])
})

test('[R12] a day lasts until the next one begins, also those of 23 and 25 hours', () => {
  fc.assert(fc.property(fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2060, 0) }), (now) => {
    const { day, from, until } = parisDayAt(now)
    expect(from <= now && now < until).toBe(true)
    expect([parisDayAt(from).day, parisDayAt(until - 1).day, parisDayAt(until).from]).toEqual([day, day, until])
  }))
  const hours = (text: string): number => { const { from, until } = parisDayAt(Date.parse(text)); return (until - from) / 3_600_000 }
  expect(['2026-03-29T12:00:00Z', '2026-10-25T12:00:00Z', '2026-06-01T12:00:00Z'].map(hours)).toEqual([23, 25, 24])
})
