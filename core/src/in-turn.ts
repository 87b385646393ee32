/** Runs what concerns the same thing one after the other, in the order of asking; other things go on meanwhile. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>()

  /** @returns what `body` returns; a failure of whoever came before is no concern of this one */
  async take<Result>(key: string, body: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve()
    // It is handed nothing: whoever came before has ended with a value, or an error, of its own.
    const mine = before.then(() => body(), () => body())
    this.#last.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    }
  }
}
