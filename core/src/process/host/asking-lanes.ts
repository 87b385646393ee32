import type { QuestionName } from '../protocol.ts'

/** Questions of one call that may wait for an answer at once. All lanes together stay below what the kernel takes ({@link LIMITS.asksOfCall}), past which it ends the process. */
const MOST = { opening: 20, within: 400, other: 500 } as const
type Lane = keyof typeof MOST

/**
 * Has what a call asks at once in great numbers take turns here, as it would wait in the kernel's process. There are several lanes, so that a transaction that others wait
 * for is never behind them: it comes to its end.
 */
export class AskingLanes {
  readonly #under: Record<Lane, number> = { opening: 0, within: 0, other: 0 }
  // Made for who comes to wait: next to no call does.
  #waiting: Record<Lane, (() => void)[]> | undefined

  /** @returns `undefined` where it may ask at once, else its turn */
  enter(what: QuestionName): Promise<void> | undefined {
    const lane = laneOf(what)
    if (this.#under[lane] < MOST[lane]) {
      this.#under[lane] += 1
      return undefined
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting ??= { opening: [], within: [], other: [] }
    this.#waiting[lane].push(resolve)
    return promise
  }

  /** Its turn goes on to the next, or is free. */
  leave(what: QuestionName): void {
    const lane = laneOf(what)
    const next = this.#waiting?.[lane].shift()
    if (next === undefined) this.#under[lane] -= 1
    else next()
  }
}

function laneOf(what: QuestionName): Lane {
  return what === 'tx.begin' ? 'opening' : what.startsWith('tx.') ? 'within' : 'other'
}
