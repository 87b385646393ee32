import type { Audit } from '../../audit/audit.ts'
import { SYSTEM } from '../../lifecycle/system-actor.ts'
import type { Outside } from '../../outside.ts'
import type { Storage, StoreKey } from '../../storage/storage.ts'
import { storeName } from '../../storage/store-name.ts'
import type { Tenants } from '../../tenancy/tenants.ts'
import { describeError } from '../describe-error.ts'
import { cutsAt, DAY_MS, type KeptDays } from './kept-days.ts'
import { sweepStore } from './sweep-store.ts'

/** Deletes events, their deliveries and what handlers remember of them when they have been kept long enough. */
export interface Retention {
  /** A store has events: it will be looked at when they have run out. Cheap; called after each commit. */
  note(key: StoreKey): void
  /**
   * Looks at the stores whose time has come, and for some that it does not know yet. Called each minute.
   * @returns stores that were looked at
   */
  sweep(): Promise<number>
}

interface Deps {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly tenants: Pick<Tenants, 'all' | 'byId'>
  readonly keptDays: (tenantId: string) => Promise<KeptDays>
  readonly log: { warn(detail: object, message: string): void; debug(detail: object, message: string): void }
}

/** Stores that one sweep looks at, and tenants whose stores it looks up. */
const STORES_A_SWEEP = 100
const TENANTS_A_SWEEP = 50
/** A node that has begun with a store has this long before another tries, in milliseconds. */
const CLAIM_MS = 60 * 60 * 1_000
/** A store with something in it is looked at this often at least, and at most, in milliseconds: settings change. */
const SOONEST_MS = 60 * 60 * 1_000
const LATEST_MS = 7 * DAY_MS
/** A store in which there is nothing, in milliseconds. What is written there is noted. */
const EMPTY_MS = 30 * DAY_MS

/** Retention over all tenants. What is due stands in the kernel's tables, so nothing is held in memory for tens of thousands of stores. */
export function createRetention({ storage, outside, audit, tenants, keptDays, log }: Deps): Retention {
  /** Stores that were noted since they were looked at last. */
  const noted = new Set<string>()
  let fresh: StoreKey[] = []
  let place = 0

  const plan = async ({ tenantId, pluginId }: StoreKey, nextAt: number): Promise<void> => {
    await storage.platform.insertInto('event_sweep').values({ tenant_id: tenantId, plugin_id: pluginId, next_at: nextAt })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id']).doUpdateSet({ next_at: nextAt }).where('event_sweep.next_at', '>', nextAt)).execute()
  }

  const planFresh = async (): Promise<void> => {
    const keys = fresh
    fresh = []
    for (const key of keys) {
      const { events, byType } = await keptDays(key.tenantId)
      // A tenant that has just been deleted refuses it, and has nothing to be swept.
      if (tenants.byId(key.tenantId) !== undefined) await plan(key, outside.now() + Math.min(events, ...byType.values()) * DAY_MS)
    }
  }

  /** A few tenants at a time, over and over: what an import brought, a crash forgot, or was there before. */
  const discover = async (): Promise<void> => {
    const ids = [...tenants.all()].map(({ id }) => id)
    if (place >= ids.length) place = 0
    for (const tenantId of ids.slice(place, place + TENANTS_A_SWEEP)) {
      const known = new Set((await storage.platform.selectFrom('event_sweep').select('plugin_id').where('tenant_id', '=', tenantId).execute()).map((row) => row.plugin_id))
      for (const key of await storage.storesOf(tenantId)) if (!known.has(key.pluginId)) await plan(key, outside.now())
    }
    place += TENANTS_A_SWEEP
  }

  const lookAt = async (key: StoreKey): Promise<void> => {
    const { tenantId, pluginId } = key
    const row = storage.platform.updateTable('event_sweep').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId)
    if (!(await storage.storesOf(tenantId)).some((one) => one.pluginId === pluginId)) {
      await storage.platform.deleteFrom('event_sweep').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).execute()
      return
    }
    noted.delete(storeName(key))
    const now = outside.now()
    const kept = await keptDays(tenantId)
    const swept = await sweepStore(storage, key, cutsAt(now, kept))
    const shortest = Math.min(kept.events, kept.deadLetters, ...kept.byType.values()) * DAY_MS
    const nextAt = swept.isEmpty ? now + EMPTY_MS : Math.min(now + LATEST_MS, Math.max(now + SOONEST_MS, swept.oldest === undefined ? now + LATEST_MS : Math.max(swept.oldest + shortest, now + DAY_MS)))
    await row.set({ next_at: nextAt }).execute()
    if (swept.deadLetters > 0) {
      await audit.record({ tenantId, actor: SYSTEM, action: 'event.dead-letters-expired', target: pluginId, detail: { count: swept.deadLetters, days: kept.deadLetters } })
    }
    log.debug({ tenant: tenantId, plugin: pluginId, ...swept }, 'events swept')
  }

  return {
    note(key) {
      const name = storeName(key)
      if (noted.has(name)) return
      noted.add(name)
      fresh.push(key)
    },
    async sweep() {
      await planFresh()
      await discover()
      const now = outside.now()
      const due = await storage.platform.selectFrom('event_sweep').selectAll().where('next_at', '<=', now).orderBy('next_at').limit(STORES_A_SWEEP).execute()
      let count = 0
      for (const row of due) {
        const key = { tenantId: row.tenant_id, pluginId: row.plugin_id }
        // Of several nodes one gets it.
        const { numUpdatedRows } = await storage.platform.updateTable('event_sweep').set({ next_at: now + CLAIM_MS })
          .where('tenant_id', '=', row.tenant_id).where('plugin_id', '=', row.plugin_id).where('next_at', '=', row.next_at).executeTakeFirst()
        if (numUpdatedRows === 0n) continue
        try {
          await lookAt(key)
          count += 1
        } catch (error) {
          log.warn({ tenant: key.tenantId, plugin: key.pluginId, error: describeError(error) }, 'events could not be swept; they will be in an hour')
        }
        storage.rest(key)
      }
      return count
    },
  }
}
