import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReadingTime } from '../../src/process/reading-time.ts'

test('[R153] whatever is said, and whenever, at most two seconds and three tenths of the time go into reading it', () => {
  const step = fc.record({ quietMs: fc.double({ min: 0, max: 3_000, noNaN: true }), readMs: fc.double({ min: 0, max: 200, noNaN: true }) })
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    let now = 0
    let read = 0
    const time = new ReadingTime(() => now)
    for (const { quietMs, readMs } of steps) {
      now += quietMs + readMs
      read += readMs
      try {
        now += time.spent(readMs)
      } catch {
        // Held back for too long: it is over.
        return
      }
      // What was under way when the time was up is read to its end.
      expect(read).toBeLessThanOrEqual(2_000 + 0.3 * now + 200)
    }
  }))
})

test('[R153] one that is held back for ten seconds on end is over; one that is quiet in between is not', () => {
  let now = 0
  const time = new ReadingTime(() => now)
  const speak = (): void => { now += 50 + time.spent(50) }
  for (let count = 0; count < 60; count += 1) speak()
  now += 4_000
  for (let count = 0; count < 60; count += 1) speak()
  expect(() => { for (let count = 0; count < 100; count += 1) speak() }).toThrow(RangeError)
})
