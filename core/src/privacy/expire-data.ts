import type { Context, PrivacyExpired } from '@liberacces/sdk'
import { Type } from '@sinclair/typebox'
import type { Audit } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { SYSTEM } from '../lifecycle/system-actor.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Origin, Runtime } from '../runtime/runtime.ts'
import { fits } from '../validation.ts'

const Answer = Type.Object({ expired: Type.Integer({ minimum: 0 }), hasMore: Type.Optional(Type.Boolean()) })
const DAY_MS = 24 * 60 * 60 * 1_000
/** Longest one step may take, in milliseconds. */
const STEP_MS = 60_000
/** Steps of one table in one night; what is left is left to the next. */
const MOST_STEPS = 200

type Expire = (c: Context, expired: PrivacyExpired<object>) => Promise<unknown>

/**
 * Has a plugin let go of personal data that it has kept for as long as it said, table by table and step by step. What went is noted in the
 * audit trail, in numbers.
 * @throws PlatformError `PLUGIN_CALL_FAILED`, `PLUGIN_ANSWER_INVALID` after every table had its turn
 */
export async function expireData({ runtime, audit, now }: { readonly runtime: Runtime; readonly audit: Audit; readonly now: () => number }, release: LoadedRelease, from: Origin): Promise<void> {
  const expire = release.plugin.privacy.expire as Expire | undefined
  if (expire === undefined) return
  const failures: unknown[] = []
  for (const { table, retentionDays } of release.manifest.stores) {
    if (retentionDays === null) continue
    let count = 0
    try {
      for (let step = 0, hasMore = true; hasMore && step < MOST_STEPS; step += 1) {
        const expired = { table: table as never, before: new Date(now() - retentionDays * DAY_MS) }
        const answer = await runtime.call(release, from, { what: `privacy expire of ${table}`, limitMs: STEP_MS }, (c) => expire(c, expired))
        if (!fits(Answer, answer)) throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${release.manifest.id}" answered privacy.expire with something else than it should.`, { fix: 'Answer { expired, hasMore }.' })
        count += answer.expired
        // Who says that there is more and lets go of nothing would be asked for ever.
        hasMore = answer.hasMore === true && answer.expired > 0
      }
    } catch (error) {
      failures.push(error)
    }
    if (count > 0) await audit.record({ tenantId: from.tenant.id, actor: SYSTEM, action: 'privacy.expired', target: release.manifest.id, detail: { table, count, days: retentionDays } })
  }
  if (failures.length > 0) throw failures[0]
}
