/** One call whose computing time is counted. */
export interface CountedCall {
  /** Microseconds that it surely used itself. */
  own: number
  /** What the shared clock said when it began. */
  readonly sharedSince: number
}

/**
 * Shares the thread's computing time among the calls in flight, so that the sum is right and each part an estimate: what runs until a call first
 * waits is its own; what runs later, whoever's it is, is divided equally among all calls that are in flight then, counted or not. The thread is asked only
 * while a counted call is in flight.
 */
export class CpuShares {
  readonly #threadMicroseconds: () => number
  #inFlight = 0
  #counted = 0
  /** What each call that was in flight all the time has been given. */
  #shared = 0
  #lookedAt = 0
  #running: CountedCall | undefined

  /** @param threadMicroseconds - what this thread has computed, ever @defaultValue what the operating system says */
  constructor(threadMicroseconds: () => number = threadTime) {
    this.#threadMicroseconds = threadMicroseconds
  }

  /** A call begins whose time is not counted; it takes its share all the same. */
  beginUncounted(): void {
    if (this.#counted > 0) this.#look()
    this.#inFlight += 1
  }

  endUncounted(): void {
    if (this.#counted > 0) this.#look()
    this.#inFlight -= 1
  }

  begin(): CountedCall {
    if (this.#counted > 0) this.#look()
    else this.#lookedAt = this.#threadMicroseconds()
    this.#inFlight += 1
    this.#counted += 1
    return { own: 0, sharedSince: this.#shared }
  }

  /** Runs the part of a call that comes before its first wait. */
  run<Result>(call: CountedCall, body: () => Result): Result {
    this.#look()
    const outer = this.#running
    this.#running = call
    try {
      return body()
    } finally {
      this.#look()
      this.#running = outer
    }
  }

  /** @returns microseconds that the call has used, by this estimate */
  end(call: CountedCall): number {
    this.#look()
    this.#inFlight -= 1
    this.#counted -= 1
    return call.own + this.#shared - call.sharedSince
  }

  #look(): void {
    const now = this.#threadMicroseconds()
    const spent = now - this.#lookedAt
    this.#lookedAt = now
    if (this.#running === undefined) this.#shared += spent / Math.max(1, this.#inFlight)
    else this.#running.own += spent
  }
}

function threadTime(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}
