import { LocalTurns } from './local-turns.ts'
import { lockLost, locksUnavailable } from './lock-errors.ts'
import type { HeldLock, Locks } from './locks.ts'

/** Locks of a platform that is one process, as on SQLite: whoever else could hold one is in here. */
export function createProcessLocks(): Locks {
  const turns = new LocalTurns()
  const holders = new Set<AbortController>()
  let isClosed = false

  const withLocks = async <Result>(names: readonly string[], body: (held: HeldLock) => Promise<Result>, signal?: AbortSignal): Promise<Result> => {
    if (isClosed) throw locksUnavailable('The platform is stopping and gives no more locks.')
    const lost = new AbortController()
    holders.add(lost)
    const whole = signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal])
    try {
      const end = await turns.take(names, whole)
      try {
        return await body({ signal: whole, confirm: async () => { if (lost.signal.aborted) throw lockLost(names) } })
      } finally {
        end()
      }
    } finally {
      holders.delete(lost)
    }
  }

  return {
    withLock: (name, body, signal) => withLocks([name], body, signal),
    withLocks,
    get size() { return turns.size },
    close: async () => {
      isClosed = true
      for (const holder of holders) holder.abort(locksUnavailable('The platform is stopping.'))
    },
  }
}
