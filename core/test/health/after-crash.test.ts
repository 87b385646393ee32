import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterCrash, type AfterCrash } from '../../src/health/after-crash.ts'
import { RESTART_RULES, type RestartRules } from '../../src/health/rules.ts'

const MINUTE = 60_000

/** Crashes one after another, each `pauses` after the one before. */
function crashes(gaps: readonly number[], rules: RestartRules = RESTART_RULES): readonly AfterCrash[] {
  let now = 1_000_000_000_000
  let before: readonly number[] = []
  return gaps.map((gap) => {
    now += gap
    const after = afterCrash(before, now, rules)
    before = after.crashes
    return after
  })
}

/** What must hold whatever happens. */
function law(holds: boolean): void {
  if (!holds) throw new Error('A law is broken.')
}

test('[V1] the first crash is made good at once, the second after a pause, and the third within the hour by nobody', () => {
  const verdicts = crashes([0, 10 * MINUTE, 49 * MINUTE]).map(({ verdict, crashes: counted }) => (verdict.kind === 'restart' ? verdict.at - (counted.at(-1) ?? 0) : verdict.kind))
  expect(verdicts).toEqual([0, 5_000, 'quarantine'])
})

test('[V1] what crashed more than an hour ago counts no more', () => {
  expect(crashes([0, 30 * MINUTE, 30 * MINUTE]).map(({ verdict }) => verdict.kind)).toEqual(['restart', 'restart', 'restart'])
})

test('[V1] whatever the crashes: quarantine comes exactly when so many fell within the time, and pauses grow up to their longest', () => {
  const rules = fc.record({
    mostCrashes: fc.integer({ min: 1, max: 8 }), withinMs: fc.integer({ min: 1, max: 100 * MINUTE }),
    firstPauseMs: fc.integer({ min: 1, max: 60_000 }), longestPauseMs: fc.integer({ min: 60_000, max: 600_000 }),
  })
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 40 * MINUTE }), { minLength: 1, maxLength: 30 }), rules, (gaps, each) => {
    let now = 1_000_000_000_000
    const times: number[] = []
    let before: { readonly count: number; readonly pause: number } = { count: 0, pause: 0 }
    for (const { verdict } of crashes(gaps, each)) {
      now += gaps[times.length] ?? 0
      times.push(now)
      const within = times.filter((at) => now - at < each.withinMs).length
      law(verdict.kind === (within >= each.mostCrashes ? 'quarantine' : 'restart'))
      if (verdict.kind === 'quarantine') continue
      const pause = verdict.at - now
      law(pause <= each.longestPauseMs)
      law(within > 1 || pause === 0)
      law(within === 1 || within <= before.count || pause >= before.pause)
      before = { count: within, pause }
    }
  }))
})

test('[V1] a clock that was put back forgives no crash', () => {
  expect(afterCrash([2_000_000_000_000, 2_000_000_000_001], 1_000_000_000_000, RESTART_RULES).verdict).toEqual({ kind: 'quarantine' })
})
