/** Counts what is under way, and tells when nothing is. */
export class InFlight {
  #count = 0
  #waiting: (() => void)[] = []

  get count(): number {
    return this.#count
  }

  enter(): void {
    this.#count += 1
  }

  leave(): void {
    this.#count -= 1
    if (this.#count > 0) return
    for (const tell of this.#waiting.splice(0)) tell()
  }

  /**
   * Waits until nothing is under way.
   * @param limitMs - longest wait, in milliseconds
   * @returns whether nothing is
   */
  async drained(limitMs: number): Promise<boolean> {
    if (this.#count === 0) return true
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    const timer = setTimeout(resolve, limitMs)
    await promise
    clearTimeout(timer)
    return this.#count === 0
  }
}
