import { asDay } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { councilSeats, mostDeputies } from '../src/council-seats.ts'

test.each([
  [0, 7], [99, 7], [100, 11], [499, 11], [500, 15], [1_499, 15], [1_500, 19], [9_999, 29], [10_000, 33], [59_999, 45], [60_000, 49], [79_999, 49], [80_000, 53], [300_000, 69], [2_000_000, 69],
])('a commune of %i has %i seats', (population, seats) => {
  expect(councilSeats(population, asDay('2026-03-15'))).toBe(seats)
})

test('before the first known table the answer is unknown', () => {
  expect(councilSeats(1_000, asDay('2014-03-22'))).toBeUndefined()
})

test('deputies are at most three tenths of the seats', () => {
  expect([7, 11, 15, 49].map(mostDeputies)).toEqual([2, 3, 4, 14])
})
