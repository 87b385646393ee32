import { setTimeout as pause } from 'node:timers/promises'
import { sql, type Kysely } from 'kysely'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { DatabaseSession } from '../storage/postgres/database-session.ts'
import { createLocks, type Holder } from './create-locks.ts'
import { lockLost, locksUnavailable } from './lock-errors.ts'
import type { Locks } from './locks.ts'

/** Who waits for a lock of another node asks again after this long, at first and at most, in milliseconds. */
const ASK_AGAIN_MS = { first: 5, longest: 250 } as const
/** Longest wait for a session that is lost, in milliseconds. */
const SESSION_MS = 5_000

/** No other use of advisory locks in the database has such keys. */
const KEY = `hashtextextended('liberacces lock ' || name, 0)`
const TRY = `select name, pg_try_advisory_lock(${KEY}) as taken from unnest($1::text[]) name`
const LET_GO = `select pg_advisory_unlock(${KEY}) from unnest($1::text[]) name`
const NUMBER = `insert into liberacces.lock_fence as known (name, fence) select name, 1 from unnest($1::text[]) name order by name
  on conflict (name) do update set fence = known.fence + 1 returning name, fence::float8 as fence`

/** How often a lock was taken before and with this time: the next one who takes it has a larger number. */
interface Fence {
  readonly name: string
  readonly fence: number
}

/**
 * Locks over all nodes of a PostgreSQL database: advisory locks of the node's session, however many on its one connection. They end with it: those
 * of a node that dies are free at once, those of one that is cut off when the database notices.
 */
export function createPostgresLocks(session: DatabaseSession): Locks {
  /** Those who hold, with the session that does it for them. */
  const held = new Map<Holder, string | undefined>()
  const forget = session.listen({
    lost: (cause) => { for (const { names, over } of held.keys()) over.abort(lockLost(names, cause)) },
  })
  return createLocks({
    async take(holder, signal) {
      const { names } = holder
      const id = await take(session, names, signal)
      held.set(holder, id)
      const letGo = async (): Promise<void> => {
        held.delete(holder)
        // Whoever asks next has to find them free; where the session is lost, they are.
        await session.run(LET_GO, [names], id).catch(() => undefined)
      }
      try {
        const fences = await session.run<Fence>(NUMBER, [names], id)
        signal.throwIfAborted()
        return { confirm: (tx) => confirm(tx, holder, fences), letGo }
      } catch (error) {
        await letGo()
        throw error
      }
    },
    close: forget,
  })
}

/** Takes all of them or, where one is another node's, none, and asks again: who kept some while it waits for others could wait for ever. */
async function take(session: DatabaseSession, names: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  for (let pauseMs: number = ASK_AGAIN_MS.first; ; pauseMs = Math.min(ASK_AGAIN_MS.longest, pauseMs * 2)) {
    const id = await sessionId(session, signal)
    const answers = await session.run<{ name: string; taken: boolean }>(TRY, [names], id)
    if (answers.every(({ taken }) => taken)) return id
    const taken = answers.filter((answer) => answer.taken).map(({ name }) => name)
    if (taken.length > 0) await session.run(LET_GO, [taken], id)
    // By chance, so that two that want the same do not get some of it each, again and again.
    await pause(pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => { signal.throwIfAborted() })
  }
}

/** @throws PlatformError `UNAVAILABLE` when there is no session for too long */
async function sessionId(session: DatabaseSession, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted()
  if (session.id === undefined) {
    const late = new AbortController()
    const waiting = AbortSignal.any([signal, late.signal])
    await Promise.race([session.ready(), pause(SESSION_MS, undefined, { signal: waiting }).catch(() => undefined)]).finally(() => { late.abort() })
    signal.throwIfAborted()
    if (session.id === undefined) throw locksUnavailable('The database that keeps the locks of all nodes cannot be reached.')
  }
  return session.id
}

/** Whoever takes the lock next must first change its number, and waits for that until this transaction has ended. */
async function confirm(tx: Kysely<PlatformTables>, { names, over }: Holder, fences: readonly Fence[]): Promise<void> {
  if (over.signal.aborted) throw over.signal.reason
  for (const { name, fence } of fences) {
    const { rows } = await sql`select 1 from liberacces.lock_fence where name = ${name} and fence = ${fence} for share`.execute(tx)
    if (rows.length === 0) throw lockLost(names)
  }
}
