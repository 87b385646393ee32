import type { Outside } from '../outside.ts'

/** Longest wait that Node's timers take, in milliseconds. */
const LONGEST_MS = 2_147_483_647

/** One timer that rings at a time of the given clock. It keeps no process alive. */
export class Alarm {
  readonly #outside: Outside
  readonly #ring: () => void
  #timer: NodeJS.Timeout | undefined
  #at: number | undefined

  constructor(outside: Outside, ring: () => void) {
    this.#outside = outside
    this.#ring = ring
  }

  /** Rings at this time instead of the one before; `undefined` silences it. */
  set(at: number | undefined): void {
    if (at === this.#at && this.#timer !== undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#at = at
    if (at === undefined) return
    // It may ring too soon (a far date, a clock set back); who is rung looks at the clock and sets it again.
    const wait = Math.min(Math.max(0, at - this.#outside.now()), LONGEST_MS)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#ring()
    }, wait).unref()
  }
}
