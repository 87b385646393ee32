import { Alarm } from '../events/alarm.ts'
import type { Outside } from '../outside.ts'

interface Sleeper {
  readonly dueAt: number
  readonly ring: () => void
}

/** Waits by the given clock, on one timer for all of them. */
export class Sleepers {
  readonly #outside: Outside
  readonly #alarm: Alarm
  readonly #sleepers = new Set<Sleeper>()

  constructor(outside: Outside) {
    this.#outside = outside
    this.#alarm = new Alarm(outside, () => { this.ring() })
  }

  /** Calls back in so many milliseconds. Returns what lets it be; twice is harmless. */
  after(ms: number, ring: () => void): () => void {
    const sleeper = { dueAt: this.#outside.now() + ms, ring }
    this.#sleepers.add(sleeper)
    this.#set()
    return () => {
      if (this.#sleepers.delete(sleeper)) this.#set()
    }
  }

  /** Calls back those whose time has come. @returns whether there were any */
  ring(): boolean {
    const now = this.#outside.now()
    const due = [...this.#sleepers].filter(({ dueAt }) => dueAt <= now)
    for (const sleeper of due) {
      this.#sleepers.delete(sleeper)
      sleeper.ring()
    }
    this.#set()
    return due.length > 0
  }

  #set(): void {
    this.#alarm.set(this.#sleepers.size === 0 ? undefined : Math.min(...[...this.#sleepers].map(({ dueAt }) => dueAt)))
  }
}
