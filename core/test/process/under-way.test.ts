import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UnderWay } from '../../src/process/under-way.ts'
import { collectYoung, growOld } from './small-collections.ts'

describe('what is under way', () => {
  test('[R285] each has a number that nothing had before, and what is over is not found by its number again', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constant('add' as const), fc.nat({ max: 1_000 })), { maxLength: 200 }), (steps) => {
      const underWay = new UnderWay<{ readonly number: number }>()
      const model = new Map<number, { readonly number: number }>()
      const given: number[] = []
      for (const step of steps) {
        if (step === 'add') {
          const value = underWay.add((number) => ({ number }))
          given.push(value.number)
          model.set(value.number, value)
        } else {
          const number = given[step] ?? step
          underWay.delete(number)
          model.delete(number)
        }
        expect([...underWay.values()].map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([...model.keys()].toSorted((a, b) => a - b))
        expect(underWay.size).toBe(model.size)
      }
      expect(new Set(given).size).toBe(given.length)
      for (const number of [...given, 0, -1, 1.5, Number.NaN, 2 ** 53]) expect(underWay.get(number)).toBe(model.get(number))
    }))
  })

  test('[R285] what stays for long keeps its number, whatever comes and goes beside it', () => {
    const underWay = new UnderWay<{ readonly number: number }>()
    const [first, ...others] = Array.from({ length: 100 }, () => underWay.add((number) => ({ number })))
    for (const { number } of others) underWay.delete(number)
    const seen = new Set<number>()
    for (let count = 0; count < 1_000; count += 1) {
      const { number } = underWay.add((each) => ({ number: each }))
      expect(underWay.get(number)).toEqual({ number })
      seen.add(number)
      underWay.delete(number)
    }
    expect([seen.size, underWay.size, underWay.get(first?.number ?? 0)]).toEqual([1_000, 1, first])
  })

  test('[R285] what is over is let go by the collector at once, and not when the whole heap is cleared up', () => {
    const underWay = new UnderWay<{ readonly number: number; readonly held: readonly number[] }>()
    const open: number[] = []
    const go = (count: number): void => {
      for (let index = 0; index < count; index += 1) {
        open.push(underWay.add((number) => ({ number, held: Array.from({ length: 500 }, (_, each) => each) })).number)
        if (open.length > 32) underWay.delete(open.shift() ?? 0)
        // Small collections alone, as on a server under load.
        if (index % 100 === 0) collectYoung()
      }
    }
    go(10)
    growOld()
    const before = process.memoryUsage().heapUsed
    go(5_000)
    collectYoung()
    // 20 MB were held in turn; a Map keeps half of them.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000)
  })
})
