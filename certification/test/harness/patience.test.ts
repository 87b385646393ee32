import { expect, test } from 'vitest'
import { patienceAfter } from '../../src/harness/patience.ts'
import type { Progress } from '../../src/harness/run-checks.ts'

test('[C560] a check has all of its time, also after it has said what it is doing', () => {
  const row = {} as Extract<Progress, { kind: 'end' }>['row']
  const told: readonly Progress[] = [
    { kind: 'gate', gate: 'browser', checks: 1 }, { kind: 'say', what: 'installing' }, { kind: 'start', id: 'SEC-07', timeoutMs: 240_000 }, { kind: 'say', what: 'looking' }, { kind: 'end', row }, { kind: 'say', what: 'closing' },
  ]
  let patienceMs = 90_000
  expect(told.map((one) => (patienceMs = patienceAfter(one, patienceMs, 90_000)))).toEqual([90_000, 90_000, 245_000, 245_000, 90_000, 90_000])
})
