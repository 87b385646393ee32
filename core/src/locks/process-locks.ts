import { createLocks } from './create-locks.ts'
import { lockLost } from './lock-errors.ts'
import type { Locks } from './locks.ts'

/** Locks of a platform that is one process, as on SQLite: whoever else could hold one is in here. */
export function createProcessLocks(): Locks {
  return createLocks({
    take: async ({ names, over }) => ({
      confirm: async () => { if (over.signal.aborted) throw lockLost(names) },
      letGo: async () => undefined,
    }),
  })
}
