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

  /** {@link take} of several keys at once: begins when the turn of each has come, and keeps all of them until the body ends. */
  async takeAll<Result>(keys: readonly string[], body: () => Promise<Result>): Promise<Result> {
    const over = Promise.withResolvers<void>()
    // Asked for all in this one step, so that two of these cannot each hold what the other waits for.
    const begun = keys.map((key) => {
      const mine = Promise.withResolvers<void>()
      void this.take(key, async () => {
        mine.resolve()
        await over.promise
      })
      return mine.promise
    })
    try {
      await Promise.all(begun)
      return await body()
    } finally {
      over.resolve()
    }
  }
}
