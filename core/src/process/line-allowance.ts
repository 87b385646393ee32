/** So many lines in a while: what somebody says who may never stop does not fill the log. */
export class LineAllowance {
  readonly #most: number
  readonly #everyMs: number
  #since = Number.NEGATIVE_INFINITY
  #lines = 0

  /** @param everyMs - in milliseconds */
  constructor(most: number, everyMs: number) {
    this.#most = most
    this.#everyMs = everyMs
  }

  /** Counts a line. @returns whether it may be said; `last`: say that others are left out from now on */
  take(): 'yes' | 'last' | 'no' {
    const now = performance.now()
    if (now - this.#since > this.#everyMs) {
      this.#since = now
      this.#lines = 0
    }
    this.#lines += 1
    if (this.#lines <= this.#most) return 'yes'
    return this.#lines === this.#most + 1 ? 'last' : 'no'
  }
}
