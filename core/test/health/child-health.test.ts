import { expect, test } from 'vitest'
import { ChildHealth } from '../../src/health/child-health.ts'
import { PING_RULES, RESTART_RULES } from '../../src/health/rules.ts'

const START = 1_000_000_000_000

/** A child's health with a clock that is moved, and what it put on record. */
function child(crashes: readonly number[] = []) {
  const world = { now: START, halted: undefined as 'stopped' | 'quarantined' | undefined, record: [] as string[], changes: [] as string[] }
  const health = new ChildHealth({
    now: () => world.now,
    halted: () => world.halted,
    changed: () => undefined,
    crashed: (_at, why) => { world.record.push(why) },
    quarantine: () => {
      world.halted = 'quarantined'
      health.haltsChanged()
    },
  }, { ...RESTART_RULES, ...PING_RULES }, crashes)
  health.watch((change) => { world.changes.push(change) })
  const crash = (why = 'killed (SIGKILL)') => health.crashed(why)
  const run = (): void => {
    health.started()
    health.ready()
  }
  return { world, health, crash, run }
}

test('[V2] a child starts, crashes, starts again at once, then after a pause; the third crash within the hour is a quarantine', () => {
  const { world, health, crash, run } = child()
  expect([health.state, health.mayStart]).toEqual(['starting', true])
  health.started()
  expect([health.state, health.mayStart]).toEqual(['starting', false])
  health.ready()
  expect(health.state).toBe('ready')
  expect(crash()).toEqual({ kind: 'restart', at: START })
  expect([health.state, health.mayStart]).toEqual(['starting', true])
  run()
  world.now += 1_000
  expect(crash()).toEqual({ kind: 'restart', at: START + 6_000 })
  expect([health.state, health.mayStart, health.restartAt]).toEqual(['backing-off', false, START + 6_000])
  world.now += 5_000
  expect([health.state, health.mayStart, health.restartAt]).toEqual(['starting', true, undefined])
  run()
  world.now += 40 * 60_000
  expect(crash('out of memory (256 MB)')).toEqual({ kind: 'quarantined' })
  expect([health.state, health.mayStart, health.restarts, world.changes]).toEqual(['quarantined', false, 2, ['halt']])
  expect(world.record).toEqual(['killed (SIGKILL)', 'killed (SIGKILL)', 'out of memory (256 MB)'])
  expect(health.lastCrash?.why).toBe('out of memory (256 MB)')
})

test('[V2] a pause is over when its timer says so, also by a clock that was set back meanwhile', () => {
  const { world, health, crash, run } = child()
  run()
  crash()
  run()
  crash()
  expect([health.state, health.mayStart]).toEqual(['backing-off', false])
  world.now -= 60 * 60_000
  health.waited()
  expect([health.state, health.mayStart, health.restartAt]).toEqual(['starting', true, undefined])
  run()
  expect(health.restarts).toBe(2)
})

test('[V2] three pings in a row without an answer count as a hang; an answer in between begins anew', () => {
  const { health, run } = child()
  run()
  expect([health.missedPing(), health.missedPing()]).toEqual([false, false])
  health.answered()
  expect([health.missedPing(), health.missedPing(), health.missedPing()]).toEqual([false, false, true])
})

test('[V2] crashes that are on record from before the restart of the platform count', () => {
  const { crash } = child([START - 50 * 60_000, START - 10 * 60_000])
  expect(crash()).toEqual({ kind: 'quarantined' })
})

test('[V3] whoever is let run again after a quarantine may crash three times anew', () => {
  const { world, health, crash, run } = child([START - 2, START - 1])
  crash()
  world.halted = undefined
  health.haltsChanged()
  expect([health.state, health.mayStart, world.changes]).toEqual(['starting', true, ['halt', 'resume']])
  for (const kind of ['restart', 'restart', 'quarantined']) {
    run()
    expect(crash().kind).toBe(kind)
  }
})

test('[V3] a child that ends because it was stopped has not crashed; an operator may want another one', () => {
  const { world, health, crash, run } = child()
  run()
  health.restart()
  expect(health.mayStart).toBe(true)
  run()
  world.halted = 'stopped'
  health.haltsChanged()
  health.haltsChanged()
  expect([crash(), world.record, world.changes]).toEqual([{ kind: 'stopped' }, [], ['restart', 'halt']])
  expect(health.state).toBe('stopped')
})
