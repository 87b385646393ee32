import type { Log } from '@liberacces/sdk'
import { seededChance } from '../../demo/demo-chance.ts'
import { PlatformError } from '../../errors.ts'
import type { Call, PlaceFacts, SaidFacts, Question, QuestionName, WireReads } from '../protocol.ts'
import { AskingLanes } from './asking-lanes.ts'

/** Who asks the kernel something. */
export interface Asker {
  readonly id: number
  /** The kernel has told a later time. */
  tell(now: number): void
}

/** How a call reaches the kernel. */
export interface Asking {
  ask(by: Asker, what: QuestionName, given: object): Promise<unknown>
  log(call: number, level: keyof Log, message: string, detail: unknown): void
  /** Number of the kernel's refusal that an error is. */
  refusalNumber(error: unknown): number | undefined
}

/** One call under way in the plugin's process: what the kernel fixed for it, its end, and what it read that the kernel does not see. */
export class ChildCall implements Asker {
  readonly id: number
  /** What it is found by here. */
  readonly key: number
  readonly #call: Call
  readonly #place: PlaceFacts | undefined
  readonly #port: Asking
  readonly #isTold: boolean
  readonly reads: { beyond?: true; clock?: true; until?: number } = {}
  readonly #lanes = new AskingLanes()
  #controller: AbortController | undefined
  #reason: Error | undefined
  #now: number
  #chance: (() => number) | undefined
  #numbers = 0

  /**
   * @param place - what holds on its tenant
   * @param isTold - the time is the one that comes with each message, and not this machine's
   */
  constructor(key: number, call: Call, place: PlaceFacts | undefined, port: Asking, isTold: boolean) {
    this.id = call.id
    this.key = key
    this.#call = call
    this.#place = place
    this.#port = port
    this.#isTold = isTold
    this.#now = call.facts?.now ?? 0
  }

  get facts(): SaidFacts {
    return this.#call.facts ?? noContext()
  }

  get place(): PlaceFacts {
    return this.#place ?? noContext()
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** @throws the reason, once the call is over for who made it */
  check(): void {
    if (this.#reason !== undefined) throw this.#reason
  }

  cancel(reason: Error): void {
    this.#reason ??= reason
    this.#controller?.abort(this.#reason)
  }

  async ask<Name extends QuestionName>(what: Name, given: Question<Name>): Promise<unknown> {
    this.check()
    const turn = this.#lanes.enter(what)
    try {
      if (turn !== undefined) {
        await turn
        this.check()
      }
      return await this.#port.ask(this, what, given as object)
    } finally {
      this.#lanes.leave(what)
    }
  }

  refusalNumber(error: unknown): number | undefined {
    return this.#port.refusalNumber(error)
  }

  log(level: keyof Log, message: string, detail: unknown): void {
    this.#port.log(this.id, level, message, detail)
  }

  /** A number that nothing else within the call has: of a transaction, an upload. */
  number(): number {
    this.#numbers += 1
    return this.#numbers
  }

  now(): number {
    return this.#isTold ? this.#now : Date.now()
  }

  tell(now: number): void {
    this.#now = now
  }

  /** Bytes that nobody can guess; where the time is told, chance is too, so that a test is the same each time. */
  random(length: number): Uint8Array {
    if (!this.#isTold || this.#call.seed === undefined) return crypto.getRandomValues(new Uint8Array(length))
    this.#chance ??= seededChance(String(this.#call.seed))
    const next = this.#chance
    return Uint8Array.from({ length }, () => Math.floor(next() * 256))
  }

  beyond(): void {
    this.reads.beyond = true
  }

  holdsUntil(moment: number): void {
    this.reads.until = Math.min(this.reads.until ?? Number.POSITIVE_INFINITY, moment)
  }

  /** What was read, where there is something to tell. */
  get told(): WireReads | undefined {
    const { beyond, clock, until } = this.reads
    if (beyond === undefined && clock === undefined && (until === undefined || until === Number.POSITIVE_INFINITY)) return undefined
    return { ...(beyond === undefined ? {} : { beyond }), ...(clock === undefined ? {} : { clock }), ...(until === undefined || until === Number.POSITIVE_INFINITY ? {} : { until }) }
  }
}

function noContext(): never {
  throw new PlatformError('INTERNAL', 'A migration has no context.', { fix: 'Use the database that it is given.' })
}
