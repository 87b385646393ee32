import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** Between two looks at what children compute, in milliseconds: while any of them computes, and while none does. */
const EVERY_MS = { busy: 50, quiet: 250 } as const
/** Share of a processor above which a child gives way more than before; below it, it does less. Within a look it is told in steps of a tenth or a fifth. */
const MUCH = 0.6
/** How much a child may give way, from 0 to 19 as the machine counts priority: each 5 are a third of the weight. Much in one look is two steps, little one step back: it is what a child has of a processor that hinders others, not what it would have, so one that is kept off comes back. */
const RANKS = [0, 5, 12, 19] as const
const STEPS = { more: 2, less: 1 } as const
/** Longest that one counts as a newcomer that is not said to be loaded, in milliseconds, and the most that it gives way meanwhile: starting is computing, and has its time limit. */
const NEW_MS = 2_000
const MOST_WHILE_NEW = 2
/** The priority of children, beside that of the platform, where the machine divides its time by process alone. */
export const BESIDE_PLATFORM = constants.priority.PRIORITY_BELOW_NORMAL
/** Ticks of `/proc/<pid>/stat` are hundredths of a second on every Linux. */
const TICK_MS = 10

/** What the machine tells of processes, and is told about them. */
export interface ProcessTimes {
  /** Milliseconds that a process has computed, ever; `undefined` once it is gone. */
  computed(pid: number): number | undefined
  /** @param niceness - 0 to 19: how much it gives way to other processes @throws an error with the code `EAGAIN` where it is too early for that */
  rank(pid: number, niceness: number): void
  forget(pid: number): void
}

/** One child that is watched. */
export interface Watch {
  /** It has loaded what it runs: what it computes from now on is its work. */
  readonly loaded: () => void
  /** Ends the watch; twice is harmless. */
  readonly end: () => void
}

interface Watched {
  readonly pid: number
  readonly giveWay: (niceness: number) => void
  newUntil: number
  computed: number
  /** Index of {@link RANKS}. */
  rank: number
  /** As the machine was told last. */
  told: number | undefined
}

/**
 * Children that compute much give way to those that compute little. On a machine with fewer cores than busy processes the one that never stops would have the
 * same share as a neighbour that wakes for a tenth of a millisecond, and let it wait for the end of its turn. Whoever computes alone loses nothing by it.
 */
export class GivingWay {
  readonly #times: ProcessTimes
  readonly #now: () => number
  readonly #watched = new Set<Watched>()
  #timer: NodeJS.Timeout | undefined
  #lookedAt = 0

  /** @param now - milliseconds of a clock that only goes forward */
  constructor(times: ProcessTimes, now: () => number = () => performance.now()) {
    this.#times = times
    this.#now = now
  }

  /**
   * Watches one that has just been started.
   * @param giveWay - has it give way, 0 to 19. @defaultValue as the machine counts priority
   */
  watch(pid: number, giveWay = (niceness: number): void => { this.#times.rank(pid, niceness) }): Watch {
    const one: Watched = { pid, giveWay, newUntil: this.#now() + NEW_MS, computed: this.#times.computed(pid) ?? 0, rank: MOST_WHILE_NEW, told: undefined }
    this.#tell(one)
    if (this.#watched.size === 0) this.#lookedAt = this.#now()
    this.#watched.add(one)
    this.#timer ??= this.#lookIn(EVERY_MS.busy)
    return {
      loaded: () => { one.newUntil = 0 },
      end: () => {
        if (!this.#watched.delete(one)) return
        this.#times.forget(pid)
        if (this.#watched.size > 0) return
        clearTimeout(this.#timer)
        this.#timer = undefined
      },
    }
  }

  /** Looks what each has computed since the last time. @returns whether any did */
  look(): boolean {
    const now = this.#now()
    const gone = Math.max(1, now - this.#lookedAt)
    this.#lookedAt = now
    let isBusy = false
    for (const one of this.#watched) {
      const computed = this.#times.computed(one.pid) ?? one.computed
      const share = (computed - one.computed) / gone
      one.computed = computed
      if (share > 0) isBusy = true
      const most = now < one.newUntil ? MOST_WHILE_NEW : RANKS.length - 1
      one.rank = share > MUCH ? Math.min(most, one.rank + STEPS.more) : Math.max(0, one.rank - STEPS.less)
      this.#tell(one)
    }
    return isBusy
  }

  /** What the machine does not take now, such as a second change within a tenth of a second by who is not root, it is told at the next look. */
  #tell(one: Watched): void {
    if (one.told === one.rank) return
    try {
      one.giveWay(RANKS[one.rank] ?? 0)
      one.told = one.rank
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') one.told = one.rank
    }
  }

  #lookIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => { this.#timer = this.#lookIn(EVERY_MS[this.look() ? 'busy' : 'quiet']) }, ms).unref()
  }
}

/**
 * Linux. Where it divides its time among sessions first (`kernel.sched_autogroup_enabled`), as it does for what is in no control group of its own for processors, the
 * priority of a process counts within its session alone, and a child is the only one in its: there it is that of the session which is told, and anybody
 * may take it back. Elsewhere it is that of the process, which whoever is not root can lower and not raise again: it is lowered once, by less, and stays.
 */
export class LinuxProcessTimes implements ProcessTimes {
  readonly #stats = new Map<number, number>()
  readonly #buffer = Buffer.allocUnsafe(1_024)
  #mayRaise: boolean | undefined

  computed(pid: number): number | undefined {
    try {
      const stat = this.#stats.get(pid) ?? openSync(`/proc/${pid}/stat`, 'r')
      this.#stats.set(pid, stat)
      const text = this.#buffer.toString('latin1', 0, readSync(stat, this.#buffer, 0, this.#buffer.length, 0))
      // What it is called stands in brackets before the rest, and may be anything.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS
    } catch {
      return undefined
    }
  }

  rank(pid: number, niceness: number): void {
    try {
      writeFileSync(`/proc/${pid}/autogroup`, String(niceness))
    } catch (error) {
      // Anything else says that this machine does not divide so.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') throw error
    }
    const priority = Math.max(BESIDE_PLATFORM, niceness)
    if (this.#mayRaise === undefined) this.#mayRaise = canRaise(pid)
    setPriority(pid, this.#mayRaise ? priority : BESIDE_PLATFORM)
  }

  forget(pid: number): void {
    const stat = this.#stats.get(pid)
    this.#stats.delete(pid)
    if (stat !== undefined) closeSync(stat)
  }
}

/** Tried with a child that has just begun: one step down, and back. */
function canRaise(pid: number): boolean {
  setPriority(pid, BESIDE_PLATFORM + 1)
  try {
    setPriority(pid, BESIDE_PLATFORM)
    return true
  } catch {
    return false
  }
}

/** Among all children of this process. */
export const givingWay = new GivingWay(new LinuxProcessTimes())
