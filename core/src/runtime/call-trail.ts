/** One call of a service, without what was said. */
export interface NotedCall {
  /** Plugin that called. */
  readonly from: string
  /** Plugin that answered. */
  readonly to: string
  /** Contract and operation, `fr.example.directory/v1 find`. */
  readonly what: string
  readonly ms: number
  /** Code of the error that came instead of an answer. */
  readonly error?: string
}

/** Most calls that are noted of one delivery; the others are counted. */
const MOST_CALLS = 20

/** Which services were called while something was done, for people who want to know what an event set off. */
export class CallTrail {
  readonly #calls: NotedCall[] = []
  #more = 0

  note(call: NotedCall): void {
    if (this.#calls.length < MOST_CALLS) this.#calls.push(call)
    else this.#more += 1
  }

  /** What was noted so far; `undefined` for nothing. */
  get noted(): NotedTrail | undefined {
    return this.#calls.length === 0 ? undefined : { calls: [...this.#calls], more: this.#more }
  }
}

/** The calls of one delivery. */
export interface NotedTrail {
  readonly calls: readonly NotedCall[]
  /** Calls that were made besides and not noted. */
  readonly more: number
}
