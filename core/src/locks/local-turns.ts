/** Turns by name within this process, in the order of asking; whoever gives up waiting lets the others through. */
export class LocalTurns {
  /** For each name what the next one must wait for. Never rejects. */
  readonly #last = new Map<string, Promise<void>>()

  /** Names that somebody has, or waits for. */
  get size(): number {
    return this.#last.size
  }

  /**
   * Waits until it is one's turn at all of these names.
   * @returns ends the turn; calling it twice is harmless
   * @throws the signal's reason when it aborts before
   */
  async take(names: readonly string[], signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted()
    const over = Promise.withResolvers<void>()
    // Asked for all in this one step, so that two of these cannot each have what the other waits for.
    const turns = Array.from(new Set(names), (name) => {
      const before = this.#last.get(name) ?? Promise.resolve()
      const mine = before.then(() => over.promise)
      this.#last.set(name, mine)
      void mine.then(() => { if (this.#last.get(name) === mine) this.#last.delete(name) })
      return before
    })
    try {
      await untilAborted(Promise.all(turns), signal)
    } catch (error) {
      over.resolve()
      throw error
    }
    return over.resolve
  }
}

function untilAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => { reject(signal.reason as Error) }
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => { signal.removeEventListener('abort', abort) })
  })
}
