import type { Kysely } from 'kysely'
import type { PlatformTables } from '../storage/platform-tables.ts'

/** A lock that is held. */
export interface HeldLock {
  /** Aborts when the lock is lost, with a PlatformError `LOCK_LOST` as its reason, or when the caller's signal aborts. Whoever holds must stop then. */
  readonly signal: AbortSignal
  /**
   * Makes sure, inside a transaction on the kernel's tables, that the lock is still held when that transaction commits: nobody can take it
   * over in between. To be called where a write must not happen after somebody else has taken over.
   * @throws PlatformError `LOCK_LOST`; the transaction is to be left then
   */
  confirm(tx: Kysely<PlatformTables>): Promise<void>
}

/**
 * Locks by name, over all nodes of the platform. A lock belongs to one call, not to a process: taking one again inside its own body waits for
 * ever. It ends with its body, and with the node that held it.
 */
export interface Locks {
  /**
   * Runs a body while nobody else holds the lock of that name, on any node. Those who ask on one node get it in the order of asking.
   * @param name - what is locked, such as `lifecycle/<tenant>`: 1 to 200 characters
   * @param signal - ends the waiting, which rejects with its reason, and is told on to the body
   * @throws PlatformError `UNAVAILABLE` when the database that keeps the locks cannot be reached; the body has not begun then
   */
  withLock<Result>(name: string, body: (held: HeldLock) => Promise<Result>, signal?: AbortSignal): Promise<Result>
  /** The same for several names at once, in any order and number: the body begins when all are held. Two such calls never wait for each other. */
  withLocks<Result>(names: readonly string[], body: (held: HeldLock) => Promise<Result>, signal?: AbortSignal): Promise<Result>
  /** Locks that are held or waited for by this process. */
  readonly size: number
  /** Takes no more. Bodies under way are told that their locks are lost. */
  close(): Promise<void>
}
