import { availableParallelism } from 'node:os'

/** Longest that one answer is looked for, in milliseconds: several times what a short call takes. Linux looks for work as long before it gives a virtual processor back (haltpoll). */
const LONGEST_MS = 0.2
/** What looking is worth: an answer that came within it adds one, one that did not takes one away. At none it is tried once in a while. */
const MOST_WORTH = 8
const TRIED_ONCE_IN = 16
const PROCESSORS = availableParallelism()

/** What it measures and waits by. */
export interface BusyWaitDeps {
  /** Milliseconds of a clock that only goes forward. @defaultValue `performance.now` */
  readonly now?: () => number
  /** Does something in the next turn of the event loop. @defaultValue `setImmediate` */
  readonly nextTurn?: (body: () => void) => void
  /** Of the machine. On a single one whoever looks keeps it from the other side: there nobody does. @defaultValue as the machine says */
  readonly processors?: number
}

/**
 * Looks for an answer instead of sleeping until it comes: a process that sleeps is woken by a virtual machine in 30 µs to 800, a short call takes less.
 * Nothing of this process is held up meanwhile, for the event loop turns; it has a processor for as long. Where answers take longer it soon leaves off.
 */
export class BusyWait {
  readonly #now: () => number
  readonly #nextTurn: (body: () => void) => void
  readonly #isAlone: boolean
  /** Until when is being looked; 0 while nothing is. */
  #until = 0
  #isTurning = false
  #worth = MOST_WORTH
  #leftOut = 0

  constructor({ now = () => performance.now(), nextTurn = setImmediate, processors = PROCESSORS }: BusyWaitDeps = {}) {
    this.#now = now
    this.#nextTurn = nextTurn
    this.#isAlone = processors === 1
  }

  /** An answer is expected, of a side that has nothing else to do. */
  begin(): void {
    if (this.#isAlone) return
    if (this.#worth === 0) {
      this.#leftOut = (this.#leftOut + 1) % TRIED_ONCE_IN
      if (this.#leftOut > 0) return
    }
    this.#until = this.#now() + LONGEST_MS
    if (this.#isTurning) return
    this.#isTurning = true
    this.#nextTurn(this.#turn)
  }

  /** Something came. */
  heard(): void {
    if (this.#until === 0) return
    this.#until = 0
    this.#worth = Math.min(MOST_WORTH, this.#worth + 1)
  }

  /** It is over: nothing more will come. */
  end(): void {
    this.#until = 0
  }

  readonly #turn = (): void => {
    if (this.#until > 0 && this.#now() < this.#until) return this.#nextTurn(this.#turn)
    this.#isTurning = false
    if (this.#until === 0) return
    this.#until = 0
    this.#worth = Math.max(0, this.#worth - 1)
  }
}
