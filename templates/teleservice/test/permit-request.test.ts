import { expect, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { dayFault, DECISIONS, PURPOSES } from '../src/permit-request.ts'

test('a permit is for days to come, in their order, and for 90 days at most', () => {
  const faults = [['2026-03-01', '2026-03-05'], ['2026-03-05', '2026-03-04'], ['2026-03-05', '2026-06-03'], ['2026-03-05', '2026-06-02'], ['2026-03-02', '2026-03-02']] as const
  expect(faults.map(([from, to]) => dayFault(from, to, '2026-03-02'))).toEqual(['past', 'reversed', 'too-long', undefined, undefined])
})

test('both languages say the same things, and every choice has its words', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
  expect(Object.keys(fr)).toEqual(expect.arrayContaining([...PURPOSES.map((purpose) => `field.purpose.${purpose}`), ...DECISIONS.flatMap((decision) => [`field.decision.${decision}`, `state.${decision}`])]))
})
