import { expect, test } from 'vitest'
import { chooseSamples, suitableSamples, type Slot } from '../src/demo/choose-samples.ts'

const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1)

/** Places as a town with most articles has them: online for four months back, one over, a draft, one for next week. */
function slotsIn(month: number): readonly Slot[] {
  const ago = (months: number) => (month - 1 - months + 12) % 12 + 1
  return [0, 0, 0, 1, 1, 2, 2, 2, 3].map((months) => ({ month: ago(months), over: false })).concat({ month: ago(3), over: true }, { month, over: false }, { month, over: false })
}

test.each(MONTHS)('in month %i every collectivité has enough articles, each in its season and none twice', (month) => {
  for (const tenant of [{ kind: 'commune', population: 300 }, { kind: 'commune', population: 80_000 }, { kind: 'satellite' }]) {
    const count = tenant.population === 80_000 ? 12 : 7
    const slots = slotsIn(month).slice(-count)
    const chosen = chooseSamples(suitableSamples(tenant), slots, () => 0.5)
    const found = chosen.filter((sample) => sample !== undefined)
    expect(found.length).toBe(count)
    expect(new Set(found).size).toBe(found.length)
    for (const [index, sample] of chosen.entries()) {
      expect(sample?.months ?? MONTHS).toContain(slots[index]?.month)
      expect(sample?.alert === true && slots[index]?.over !== true).toBe(false)
    }
  }
})

test('a summer alert is over in autumn and never online', () => {
  const [online, over] = chooseSamples(suitableSamples({ kind: 'commune', population: 5_000 }), [{ month: 8, over: false }, { month: 8, over: true }], () => 0.5)
  expect(online?.alert).toBeUndefined()
  expect(over?.alert).toBe(true)
})
