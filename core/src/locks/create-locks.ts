import { LocalTurns } from './local-turns.ts'
import { locksUnavailable } from './lock-errors.ts'
import type { HeldLock, Locks } from './locks.ts'

/** Somebody who holds locks, or waits for them. */
export interface Holder {
  /** Each once, in order. */
  readonly names: readonly string[]
  /** Aborts what is done under the locks: they are lost. */
  readonly over: AbortController
}

/** What locks over several nodes add to those of one process. */
export interface LockKeeper {
  /**
   * Takes all of the locks, once it is this process's turn.
   * @param signal - ends the waiting
   */
  take(holder: Holder, signal: AbortSignal): Promise<{
    confirm: HeldLock['confirm']
    /** Lets them go. Never rejects. */
    letGo(): Promise<void>
  }>
  close?(): void
}

/** Locks with turns within this process, and a keeper who sees to the other nodes. */
export function createLocks(keeper: LockKeeper): Locks {
  const turns = new LocalTurns()
  const holders = new Set<Holder>()
  let isClosed = false

  const withLocks = async <Result>(names: readonly string[], body: (held: HeldLock) => Promise<Result>, signal?: AbortSignal): Promise<Result> => {
    if (isClosed) throw locksUnavailable('The platform is stopping and gives no more locks.')
    const holder: Holder = { names: [...new Set(names)].sort(), over: new AbortController() }
    holders.add(holder)
    const whole = signal === undefined ? holder.over.signal : AbortSignal.any([signal, holder.over.signal])
    try {
      const end = await turns.take(holder.names, whole)
      try {
        const kept = await keeper.take(holder, whole)
        try {
          return await body({ signal: whole, confirm: (tx) => kept.confirm(tx) })
        } finally {
          await kept.letGo()
        }
      } finally {
        end()
      }
    } finally {
      holders.delete(holder)
    }
  }

  return {
    withLock: (name, body, signal) => withLocks([name], body, signal),
    withLocks,
    get size() { return turns.size },
    close: async () => {
      isClosed = true
      keeper.close?.()
      for (const { over } of holders) over.abort(locksUnavailable('The platform is stopping.'))
    },
  }
}
