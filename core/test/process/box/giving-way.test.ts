import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { expect, test, vi } from 'vitest'
import { GivingWay, LinuxProcessTimes, type ProcessTimes, type Watch } from '../../../src/process/box/giving-way.ts'

interface Machine {
  readonly giving: GivingWay
  /** Niceness that the machine was told last, by process. */
  readonly told: ReadonlyMap<number, number>
  readonly tooEarly: (is: boolean) => void
  readonly begin: (pid: number) => Watch
  readonly pass: (looks: number, shares: Readonly<Record<number, number>>) => void
}

/** A machine with a clock of its own, on which processes compute what they are told to. */
function machine(): Machine {
  let now = 0
  const computed = new Map<number, number>()
  const told = new Map<number, number>()
  let isTooEarly = false
  const times: ProcessTimes = {
    computed: (pid) => computed.get(pid),
    rank(pid, niceness) {
      if (isTooEarly) throw Object.assign(new Error('too early'), { code: 'EAGAIN' })
      told.set(pid, niceness)
    },
    forget: (pid) => { told.delete(pid) },
  }
  const giving = new GivingWay(times, () => now)
  return {
    giving,
    told,
    tooEarly: (is: boolean) => { isTooEarly = is },
    begin: (pid: number): Watch => {
      computed.set(pid, 0)
      return giving.watch(pid)
    },
    /** So many looks, in each of which some compute a share of the time. */
    pass: (looks: number, shares: Readonly<Record<number, number>>): void => {
      for (let look = 0; look < looks; look += 1) {
        now += 50
        for (const [pid, share] of Object.entries(shares)) computed.set(Number(pid), (computed.get(Number(pid)) ?? 0) + share * 50)
        giving.look()
      }
    },
  }
}

test('[R254] a child that computes without end gives way to one that does not, and no more once it has come to an end', () => {
  const { told, begin, pass } = machine()
  begin(1)
  const second = begin(2)
  expect([...told.values()]).toEqual([12, 12])
  pass(60, { 1: 0.4, 2: 1 })
  expect([told.get(1), told.get(2)]).toEqual([0, 19])
  pass(1, { 1: 0.4, 2: 0.1 })
  expect(told.get(2)).toBe(12)
  pass(2, { 1: 0.4, 2: 0.1 })
  expect([told.get(1), told.get(2)]).toEqual([0, 0])
  second.end()
  expect([...told.keys()]).toEqual([1])
})

test('[R254] one that starts computes, and gives way less than one that goes on for seconds', () => {
  const { told, begin, pass } = machine()
  begin(1)
  pass(30, { 1: 1 })
  expect(told.get(1)).toBe(12)
  pass(30, { 1: 1 })
  expect(told.get(1)).toBe(19)
})

test('[R254] one that has loaded its plugin is no newcomer any more', () => {
  const { told, begin, pass } = machine()
  const { loaded } = begin(1)
  pass(4, { 1: 1 })
  expect(told.get(1)).toBe(12)
  loaded()
  pass(1, { 1: 1 })
  expect(told.get(1)).toBe(19)
})

test('[R254] one in a group that divides the time of processors is told by the group alone', () => {
  const { told, giving, pass } = machine()
  const ways: number[] = []
  giving.watch(1, (niceness) => { ways.push(niceness) }).loaded()
  pass(5, { 1: 1 })
  pass(3, { 1: 0 })
  pass(2, { 1: 1 })
  expect([ways, told.size]).toEqual([[12, 19, 12, 5, 0, 12, 19], 0])
})

test('[R254] one that others keep off the processor hinders nobody, and comes back', () => {
  const { told, begin, pass } = machine()
  begin(1).loaded()
  pass(2, { 1: 1 })
  expect(told.get(1)).toBe(19)
  pass(1, { 1: 0.3 })
  expect(told.get(1)).toBe(12)
})

test('[R254] what the machine does not take yet it is told at the next look', () => {
  const { told, begin, pass, tooEarly } = machine()
  tooEarly(true)
  begin(1)
  pass(2, { 1: 0 })
  expect(told.size).toBe(0)
  tooEarly(false)
  pass(1, { 1: 0 })
  expect(told.get(1)).toBe(0)
})

test.skipIf(process.platform !== 'linux')('[R254] Linux tells what a process has computed, and takes its place', async () => {
  const child = spawn(process.execPath, ['-e', 'const end = Date.now() + 200; while (Date.now() < end); console.log(); setInterval(() => undefined, 1000)'], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = child.pid ?? 0
  const times = new LinuxProcessTimes()
  try {
    await once(child.stdout, 'data')
    expect(times.computed(pid)).toBeGreaterThan(20)
    // Who is not root may do so once in a tenth of a second.
    await vi.waitFor(() => { times.rank(pid, 12) })
    const autogroup = `/proc/${pid}/autogroup`
    // Not on every machine.
    expect(existsSync(autogroup) ? readFileSync(autogroup, 'utf8') : 'nice 12').toContain('nice 12')
    expect(getPriority(pid)).toBeGreaterThanOrEqual(10)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    expect(times.computed(pid)).toBeUndefined()
  } finally {
    child.kill('SIGKILL')
    times.forget(pid)
  }
})
