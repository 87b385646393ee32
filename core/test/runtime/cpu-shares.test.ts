import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CpuShares, type CountedCall } from '../../src/runtime/cpu-shares.ts'

test('[Q6] whatever calls overlap, the parts of the computing time add up to what the thread has computed', () => {
  const step = fc.record({ what: fc.constantFrom('begin', 'other', 'end', 'run', 'compute'), amount: fc.nat(1_000), which: fc.nat(20) })
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    let thread = 0
    const shares = new CpuShares(() => thread)
    const open: CountedCall[] = []
    let given = 0
    let computed = 0
    const compute = (amount: number): void => {
      thread += amount
      if (open.length > 0) computed += amount
    }
    for (const { what, amount, which } of steps) {
      const call = open[which % Math.max(1, open.length)]
      if (what === 'begin') open.push(shares.begin())
      else if (what === 'compute') compute(amount)
      else if (call !== undefined && what === 'run') shares.run(call, () => { compute(amount) })
      else if (call !== undefined && what === 'end') {
        open.splice(open.indexOf(call), 1)
        given += shares.end(call)
      }
    }
    while (open.length > 0) given += shares.end(open.pop()!)
    expect(given).toBeCloseTo(computed, 3)
  }))
})

test('[Q6] what runs before a call first waits is its own; what runs later is shared by all in flight, counted or not', () => {
  let thread = 0
  const shares = new CpuShares(() => thread)
  shares.beginUncounted()
  const first = shares.begin()
  const second = shares.begin()
  shares.run(first, () => {
    thread += 100
    // A call to another plugin, inside: its own, not its caller's.
    shares.run(second, () => { thread += 40 })
    thread += 5
  })
  thread += 30
  expect([shares.end(first), shares.end(second)]).toEqual([115, 50])
  shares.endUncounted()
})
