import { AsyncLocalStorage } from 'node:async_hooks'
import { PlatformError } from '../../errors.ts'

interface Frame {
  readonly turns: Turns
  isOpen: boolean
  readonly outer: Frame | undefined
}

/** The transactions in whose bodies the running code is. */
const frames = new AsyncLocalStorage<Frame | undefined>()

/** Runs something that goes on by itself, and so is not part of the transactions that are open around the call. */
export function apart(body: () => void): void {
  frames.run(undefined, body)
}

/** Whether the running code is in the body of a transaction, and so holds a connection. @param own - whose turn does not count: it is only about to */
export function isInTransaction(own?: Turns): boolean {
  for (let frame = frames.getStore(); frame !== undefined; frame = frame.outer) if (frame.isOpen && frame.turns !== own) return true
  return false
}

/** Lets the transactions of one store, or of the kernel's tables, run one at a time in this process: only the first of them waits at the database. */
export class Turns {
  readonly #owner: string
  #isTaken = false
  #waiting: (() => void)[] = []

  constructor(owner: string) {
    this.#owner = owner
  }

  /** Whether someone's turn it is. */
  get isTaken(): boolean {
    return this.#isTaken
  }

  /**
   * Runs a body when those before have ended.
   * @throws PlatformError `DB_OUTSIDE_TRANSACTION` when called from inside such a body
   */
  async take<Result>(body: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    this.refuseInside()
    signal?.throwIfAborted()
    if (this.#isTaken) await this.#wait(signal)
    this.#isTaken = true
    const frame: Frame = { turns: this, isOpen: true, outer: frames.getStore() }
    try {
      return await frames.run(frame, body)
    } finally {
      frame.isOpen = false
      this.#isTaken = false
      this.#waiting.shift()?.()
    }
  }

  /** @throws PlatformError `DB_OUTSIDE_TRANSACTION` when called from inside a body that has the turn: it would wait for itself */
  refuseInside(): void {
    for (let frame = frames.getStore(); frame !== undefined; frame = frame.outer) {
      if (frame.turns !== this || !frame.isOpen) continue
      throw new PlatformError('DB_OUTSIDE_TRANSACTION', `${this.#owner} used its database beside its own open transaction, which would wait for itself.`, {
        fix: 'Inside a transaction use the transaction you were handed, and open no second one.',
      })
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave)
        // Taken in the very step in which it was left, so that nobody comes in between.
        this.#isTaken = true
        resolve()
      }
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== enter)
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.push(enter)
    })
  }
}
