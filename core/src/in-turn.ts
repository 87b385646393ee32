/** Runs what concerns the same thing one after the other, in the order of asking; other things go on meanwhile. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Whether something runs or waits for a key. */
  has(key: string): boolean {
    return this.#last.has(key)
  }

  /** @returns what `body` returns; a failure of whoever came before is no concern of this one */
  async take<Result>(key: string, body: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const mine = before.then(body, body)
    this.#last.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    }
  }
}
