import fc from 'fast-check'
import { expect, test } from 'vitest'
import { admit, afterFailure, afterNothing, afterPass, isStale, type BreakerState } from '../../src/health/breaker.ts'
import { BREAKER_RULES as RULES } from '../../src/health/rules.ts'

const START = 1_000_000_000_000

/** The state after so many failures at one time. */
function failed(times: number, now = START): BreakerState | undefined {
  let state: BreakerState | undefined
  for (let count = 0; count < times; count += 1) state = afterFailure(state, now, 'it threw', false, RULES)
  return state
}

/** What must hold whatever happens. */
function law(holds: boolean): void {
  if (!holds) throw new Error('A law is broken.')
}

test('[V5] five failures within a minute open it for 15 seconds; a try that goes well closes it', () => {
  expect(failed(4)?.kind).toBe('closed')
  const open = failed(5)
  expect(open).toEqual({ kind: 'open', since: START, until: START + 15_000, turn: 0, why: 'it threw' })
  if (open === undefined) throw new Error('There is no state.')
  expect(admit(open, START + 14_999, RULES)).toEqual({ kind: 'refuse', since: START, retryAt: START + 15_000 })
  const probe = admit(open, START + 15_000, RULES)
  if (probe.kind !== 'probe') throw new Error('It should have been let through.')
  expect(admit(probe.state, START + 15_001, RULES).kind).toBe('refuse')
  expect(afterPass(probe.state, START + 15_100, true, RULES)).toBeUndefined()
})

test('[V5] each try that fails keeps it open for twice as long, up to five minutes; since when stays', () => {
  let state = failed(5)
  const pauses: number[] = []
  for (let turn = 0; turn < 7 && state?.kind === 'open'; turn += 1) {
    const at: number = state.until
    const probe = admit(state, at, RULES)
    if (probe.kind !== 'probe') throw new Error('It should have been let through.')
    state = afterFailure(probe.state, at, 'again', true, RULES)
    if (state.kind === 'open' && state.since === START) pauses.push((state.until - at) / 1_000)
  }
  expect(pauses).toEqual([30, 60, 120, 240, 300, 300, 300])
})

test('[V5] failures among many calls that go well open nothing', () => {
  let state: BreakerState | undefined
  for (let count = 0; count < 100; count += 1) {
    state = afterFailure(state, START + count, 'one page is broken', false, RULES)
    for (let well = 0; well < 2 && state !== undefined; well += 1) state = afterPass(state, START + count, false, RULES)
  }
  expect(state?.kind).toBe('closed')
})

test('[V5] a try that says nothing, or never ends, leaves the next one to try', () => {
  const open = failed(5)
  const probe = open === undefined ? undefined : admit(open, START + 15_000, RULES)
  if (probe?.kind !== 'probe') throw new Error('It should have been let through.')
  const again = afterNothing(probe.state, START + 15_050, true)
  expect(admit(again, START + 15_050, RULES).kind).toBe('probe')
  expect(admit(probe.state, START + 15_000 + RULES.probeMs - 1, RULES).kind).toBe('refuse')
  expect(admit(probe.state, START + 15_000 + RULES.probeMs, RULES).kind).toBe('probe')
})

test('[V5] whatever happens when: it opens only by failures, lets one try through at a time, and is never shut for good', () => {
  const step = fc.record({ kind: fc.constantFrom('call', 'fail', 'pass', 'nothing'), gap: fc.integer({ min: 0, max: 90_000 }) })
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    let now = START
    let state: BreakerState | undefined
    let probing: number | undefined
    let failures = 0
    for (const { kind, gap } of steps) {
      now += gap
      const isProbe: boolean = probing !== undefined
      if (kind === 'call') {
        const admission: ReturnType<typeof admit> = state === undefined ? { kind: 'pass' } : admit(state, now, RULES)
        if (admission.kind === 'probe') {
          // One at a time, or the one before was given up.
          law(probing === undefined || now - probing >= RULES.probeMs)
          probing = now
          state = admission.state
        } else if (admission.kind === 'refuse') {
          law(admission.retryAt > now)
          law(admission.retryAt - now <= Math.max(RULES.longestPauseMs, RULES.probeMs))
        }
      } else if (kind === 'fail') {
        const before: BreakerState | undefined = state
        state = afterFailure(state, now, 'x', isProbe, RULES)
        failures = before === undefined ? 1 : failures + 1
        if (state.kind === 'open' && before?.kind !== 'open') law(isProbe || failures >= RULES.failures)
        probing = undefined
      } else if (state !== undefined) {
        state = kind === 'pass' ? afterPass(state, now, isProbe, RULES) : afterNothing(state, now, isProbe)
        law(kind !== 'pass' || !isProbe || state === undefined)
        probing = undefined
      }
    }
    if (state !== undefined) {
      const later = now + RULES.longestPauseMs + RULES.probeMs
      law(admit(state, later, RULES).kind !== 'refuse')
      law(state.kind !== 'closed' || isStale(state, later, RULES))
    }
  }))
})
