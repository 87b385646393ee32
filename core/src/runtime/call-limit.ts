/** The end of one call: its time, or the caller's leaving. The signal is made only for who asks: most calls never do. */
export class CallLimit {
  readonly #caller: { readonly signal?: AbortSignal }
  #controller: AbortController | undefined
  #signal: AbortSignal | undefined
  #reason: Error | undefined

  constructor(caller: { readonly signal?: AbortSignal }) {
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
