/** The end of one call: its time, or the caller's leaving. The signal is made only for who asks: most calls never do. */
export class CallLimit {
  readonly #caller: { readonly signal?: AbortSignal | undefined }
  #controller: AbortController | undefined
  #signal: AbortSignal | undefined
  #reason: Error | undefined
  #holds = 0
  #heldSince = 0
  #heldMs = 0

  constructor(caller: { readonly signal?: AbortSignal | undefined }) {
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

  /** The call's time is up. */
  expire(reason: Error): void {
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
