/** Whoever makes a call, and may leave before it is over. */
export interface Caller {
  /** Aborted when they left. */
  readonly signal?: AbortSignal | undefined
  /** Tells of their leaving without a signal, which is made for who needs one: a signal for each call costs more than the rest of it. */
  readonly leaving?: Leaving | undefined
}

/** Tells whoever is interested that a caller has left, once. */
export interface Leaving {
  /** Called at once where they have left already. @returns ends the interest; twice is harmless */
  watch(left: (reason: unknown) => void): () => void
}

/** The end of one call: its time, or the caller's leaving. The signal is made only for who asks: most calls never do. */
export class CallLimit {
  readonly #caller: Caller
  #controller: AbortController | undefined
  #signal: AbortSignal | undefined
  #reason: Error | undefined
  #holds = 0
  #heldSince = 0
  #heldMs = 0
  #watchers: Set<(reason: unknown) => void> | undefined

  constructor(caller: Caller) {
    this.#caller = caller
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
      const caller = this.#caller.signal
      this.#signal = caller === undefined ? this.#controller.signal : AbortSignal.any([this.#controller.signal, caller])
    }
    return this.#signal
  }

  /** How long the clock has stood still in all, in milliseconds. */
  get heldMs(): number {
    return this.#heldMs + (this.#holds > 0 ? performance.now() - this.#heldSince : 0)
  }

  /** Stops the clock: the call waits for the platform and not for its own work. Returns what lets it run on; call it once. */
  hold(): () => void {
    if (this.#holds === 0) this.#heldSince = performance.now()
    this.#holds += 1
    return () => {
      this.#holds -= 1
      if (this.#holds === 0) this.#heldMs += performance.now() - this.#heldSince
    }
  }

  /** @throws the reason, once the call's time is up: what a late handler still does must not be stored */
  check(): void {
    if (this.#reason !== undefined) throw this.#reason
  }

  /**
   * Tells of the call's end by its limit: its time, or the caller's leaving. What {@link signal} tells, without one.
   * @returns ends the interest; twice is harmless
   */
  watch(over: (reason: unknown) => void): () => void {
    if (this.#reason !== undefined) {
      over(this.#reason)
      return () => undefined
    }
    const watchers = (this.#watchers ??= new Set())
    watchers.add(over)
    const endOfCaller = watchCaller(this.#caller, over)
    return () => {
      watchers.delete(over)
      endOfCaller?.()
    }
  }

  /** The call's time is up. */
  expire(reason: Error): void {
    this.#reason = reason
    this.#controller?.abort(reason)
    for (const over of this.#watchers ?? []) over(reason)
  }
}

function watchCaller(caller: Caller, left: (reason: unknown) => void): (() => void) | undefined {
  // Not both at once: whoever tells of leaving makes a signal when it is asked for one.
  const { leaving } = caller
  if (leaving !== undefined) return leaving.watch(left)
  const { signal } = caller
  if (signal === undefined) return undefined
  const abort = (): void => { left(signal.reason) }
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return () => { signal.removeEventListener('abort', abort) }
}
