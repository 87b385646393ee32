/** Messages over the last seconds: twice as many as a second's at once, and no more than that many a second on the whole. */
export class MessageRate {
  readonly #perSecond: number
  #left: number
  #at = performance.now()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#left = perSecond * 2
  }

  isPast(): boolean {
    this.#left -= 1
    if (this.#left >= 0) return false
    const now = performance.now()
    this.#left = Math.min(this.#perSecond * 2, this.#left + ((now - this.#at) / 1_000) * this.#perSecond)
    this.#at = now
    return this.#left < 0
  }
}
