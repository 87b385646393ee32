import { createHmac } from 'node:crypto'
import type { Kysely } from 'kysely'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import { networkOf } from './network.ts'

/** From how many failures on, and for how long they are remembered, in milliseconds. */
interface Limit {
  readonly failures: number
  readonly rememberMs: number
}

/** Of one login on one tenant, whoever tries. */
const PER_LOGIN: Limit = { failures: 5, rememberMs: 24 * 3_600_000 }
/** Of one network, whatever login it tries. Higher: a whole town hall may stand behind one address. */
const PER_NETWORK: Limit = { failures: 20, rememberMs: 3_600_000 }
/** First pause; each further failure doubles it. In milliseconds. */
const FIRST_PAUSE_MS = 30_000
/** Longest pause, in milliseconds. */
const LONGEST_PAUSE_MS = 15 * 60_000

/** A try that was let through: it counts as failed until the opposite is known, so that tries at the same moment count too. */
export interface LoginTry {
  /**
   * The password of the login on this tenant was right: its failures there are forgotten, this try is held against nobody else.
   * @param tenantId - one of those that were tried
   */
  succeeded(tx: Kysely<PlatformTables>, tenantId: string): Promise<void>
  /** The password was never looked at. */
  undone(): Promise<void>
}

/** Slows down those who guess passwords, over restarts too. */
export interface LoginThrottle {
  /**
   * @param tenantIds - where the login may be somebody's: guessing at one door counts at every other that takes the same password
   * @throws PlatformError `LOGIN_THROTTLED` with `retryAfterSeconds`
   */
  admit(tenantIds: readonly string[], login: string, ip: string): Promise<LoginTry>
  /** Deletes what is no longer remembered. Call it now and then. */
  sweep(): Promise<void>
}

/** What the throttle is made from. */
export interface LoginThrottleOptions {
  readonly storage: Storage
  readonly outside: Outside
  /** Hides logins and addresses in the table: people type their password into the wrong field. */
  readonly key: Uint8Array
}

/** The pause after so many failures, in milliseconds: none below the limit, then 30 s, doubling up to 15 min. */
function pauseMs(failures: number, limit: number): number {
  return failures < limit ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - limit, 30))
}

/** The throttle on the kernel's tables. */
export function createLoginThrottle({ storage, outside, key }: LoginThrottleOptions): LoginThrottle {
  const keyOf = (kind: string, ...parts: readonly string[]): string =>
    `${kind}:${createHmac('sha256', key).update([kind, ...parts].join('\0')).digest('base64url')}`

  const read = async (tx: Kysely<PlatformTables>, counter: string, limit: Limit): Promise<{ readonly failures: number; readonly blockedUntil: number }> => {
    const row = await tx.selectFrom('login_failure').select(['failures', 'blocked_until', 'updated_at']).where('key', '=', counter).executeTakeFirst()
    if (row === undefined || row.updated_at + limit.rememberMs <= outside.now()) return { failures: 0, blockedUntil: 0 }
    return { failures: row.failures, blockedUntil: row.blocked_until }
  }

  const write = async (tx: Kysely<PlatformTables>, counter: string, failures: number, blockedUntil: number): Promise<void> => {
    const row = { failures, blocked_until: blockedUntil, updated_at: outside.now() }
    await tx.insertInto('login_failure').values({ key: counter, ...row }).onConflict((conflict) => conflict.column('key').doUpdateSet(row)).execute()
  }

  return {
    async admit(tenantIds, login, ip) {
      const counters = [
        ...tenantIds.map((tenantId) => ({ tenantId, counter: keyOf('login', tenantId, login), limit: PER_LOGIN })),
        { tenantId: undefined, counter: keyOf('ip', networkOf(ip)), limit: PER_NETWORK },
      ]
      const waitMs = await storage.platformTransaction(async (tx) => {
        const states = await Promise.all(counters.map(async (each) => ({ ...each, ...await read(tx, each.counter, each.limit) })))
        const now = outside.now()
        const longest = Math.max(...states.map(({ blockedUntil }) => blockedUntil - now))
        if (longest > 0) return longest
        for (const { counter, limit, failures } of states) await write(tx, counter, failures + 1, now + pauseMs(failures + 1, limit.failures))
        return 0
      })
      if (waitMs > 0) {
        throw new PlatformError('LOGIN_THROTTLED', 'There were too many failed logins.', { fix: 'Wait, then try again.', retryAfterSeconds: Math.ceil(waitMs / 1000) })
      }
      const takeBack = async (tx: Kysely<PlatformTables>, { counter, limit }: (typeof counters)[number]): Promise<void> => {
        const { failures, blockedUntil } = await read(tx, counter, limit)
        if (failures <= 1) await tx.deleteFrom('login_failure').where('key', '=', counter).execute()
        else await write(tx, counter, failures - 1, failures - 1 < limit.failures ? 0 : blockedUntil)
      }
      return {
        succeeded: async (tx, tenantId) => {
          for (const each of counters) {
            if (each.tenantId === tenantId) await tx.deleteFrom('login_failure').where('key', '=', each.counter).execute()
            else await takeBack(tx, each)
          }
        },
        undone: () => storage.platformTransaction(async (tx) => {
          for (const each of counters) await takeBack(tx, each)
        }),
      }
    },
    async sweep() {
      await storage.platform.deleteFrom('login_failure').where('updated_at', '<=', outside.now() - PER_LOGIN.rememberMs).execute()
    },
  }
}
