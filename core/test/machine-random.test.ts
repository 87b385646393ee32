import { expect, test } from 'vitest'
import { machineRandom } from '../src/machine-random.ts'

test('bytes have the length that was asked for, are nobody else\'s, and come once', () => {
  const random = machineRandom()
  const drawn = Array.from({ length: 2_000 }, () => random(16))
  expect(drawn.every(({ length }) => length === 16)).toBe(true)
  expect(new Set(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(2_000)
  const [first, second] = drawn
  const before = Buffer.from(second ?? []).toString('hex')
  first?.fill(0)
  expect(Buffer.from(second ?? []).toString('hex')).toBe(before)
  expect([0, 1, 15, 17, 32, 5_000].map((length) => random(length).length)).toEqual([0, 1, 15, 17, 32, 5_000])
})
