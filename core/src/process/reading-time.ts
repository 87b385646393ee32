/** Share of this process's time that one side may take with what it says, and how much it may take at once, in milliseconds. */
const SHARE = 0.3
const AT_ONCE_MS = 2_000
/** Longest that one is held back on end, in milliseconds: one that says more than is read for as long as that never stops. */
const LONGEST_HELD_BACK_MS = 10_000

/** The time that reading what a side says takes: messages are read in one go, while nobody else is served. */
export class ReadingTime {
  readonly #now: () => number
  #left = AT_ONCE_MS
  #at: number
  #heldBackSince: number | undefined

  /** @param now - milliseconds of a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now
    this.#at = now()
  }

  /**
   * Counts the time that a message took.
   * @returns for how long nothing more is to be read of it, in milliseconds; 0 mostly
   * @throws RangeError when it was held back for too long on end
   */
  spent(ms: number): number {
    this.#left -= ms
    if (this.#left >= 0) return 0
    const now = this.#now()
    const earned = (now - this.#at) * SHARE
    this.#at = now
    // It was quiet for a good while, or said little.
    if (earned > AT_ONCE_MS / 2) this.#heldBackSince = undefined
    this.#left = Math.min(AT_ONCE_MS, this.#left + earned)
    if (this.#left >= 0) return 0
    this.#heldBackSince ??= now
    if (now - this.#heldBackSince > LONGEST_HELD_BACK_MS) throw new RangeError(`What it says takes more than ${SHARE * 100} % of the platform’s time to read, without end.`)
    return -this.#left / SHARE
  }
}
