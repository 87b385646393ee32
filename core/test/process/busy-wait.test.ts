import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BusyWait } from '../../src/process/busy-wait.ts'

/** A wait beside a clock of the test's own, of which each turn of the event loop takes so long, in milliseconds. */
function waiting(turnMs: number): { readonly wait: BusyWait; readonly turn: () => boolean; readonly sleep: (ms: number) => void } {
  let now = 1_000
  const next: (() => void)[] = []
  return {
    wait: new BusyWait({ now: () => now, nextTurn: (body) => { next.push(body) }, processors: 2 }),
    /** Whether there was anything to do in it. */
    turn: () => {
      now += turnMs
      const body = next.shift()
      body?.()
      return body !== undefined
    },
    sleep: (ms) => { now += ms },
  }
}

/** Turns until nothing is looked for any more. */
function turns(turn: () => boolean): number {
  let count = 0
  while (turn()) count += 1
  return count
}

describe('who waits for an answer', () => {
  test('[R290] looks for it in each turn, and sleeps after 0.2 ms', () => {
    const { wait, turn } = waiting(0.03)
    wait.begin()
    expect(turns(turn)).toBe(7)
  })

  test('[R290] stops looking once it has come, or once nothing will come', () => {
    for (const over of ['heard', 'end'] as const) {
      const { wait, turn } = waiting(0.01)
      wait.begin()
      turn()
      wait[over]()
      expect(turns(turn), over).toBe(1)
    }
  })

  test('[R290] leaves off after eight in vain, tries one of sixteen from then on, and looks again once one has come', () => {
    const { wait, turn, sleep } = waiting(0.05)
    const looked = (isAnswered: boolean): boolean => {
      wait.begin()
      const isLooking = turn()
      if (isAnswered) wait.heard()
      turns(turn)
      sleep(5)
      return isLooking
    }
    expect(Array.from({ length: 8 }, () => looked(false))).toEqual(Array.from({ length: 8 }, () => true))
    expect(Array.from({ length: 32 }, () => looked(false)).filter(Boolean)).toHaveLength(2)
    expect(Array.from({ length: 16 }, () => looked(true)).filter(Boolean)).toHaveLength(1)
    expect(looked(true)).toBe(true)
  })

  test('[R290] never looks on a single processor, which the other side is to have', () => {
    const planned: (() => void)[] = []
    new BusyWait({ nextTurn: (body) => { planned.push(body) }, processors: 1 }).begin()
    expect(planned).toEqual([])
  })

  test('[R290] has one look at a time planned, and none once it is over, whatever comes in whatever order', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('begin', 'heard', 'end', 'turn', 'sleep'), { maxLength: 200 }), (steps) => {
      let now = 1_000
      let planned: (() => void)[] = []
      const wait = new BusyWait({ now: () => now, nextTurn: (body) => { planned.push(body) }, processors: 2 })
      const turn = (): void => {
        now += 0.02
        const bodies = planned
        planned = []
        for (const body of bodies) body()
      }
      for (const step of steps) {
        if (step === 'turn') turn()
        else if (step === 'sleep') now += 1
        else wait[step]()
        expect(planned.length).toBeLessThanOrEqual(1)
      }
      wait.end()
      turn()
      expect(planned).toHaveLength(0)
    }))
  })
})
