import { sql, type Kysely } from 'kysely'
import { KERNEL_ID } from '../../identity/kernel-permissions.ts'
import { MAIL_EVENT, SENT_MAIL } from '../../mail/stored-mail.ts'
import type { Storage } from '../../storage/storage.ts'
import type { StoreTables } from '../../storage/store-tables.ts'
import { findEvent } from '../find-event.ts'

/** Dead letters of one handler, in all stores of a tenant. */
export interface DeadLetterGroup {
  readonly subscriber: string
  readonly handler: string
  readonly count: number
  /** When the first and the last of them became one, in milliseconds since the Unix epoch. */
  readonly since: number
  readonly until: number
  /** What went wrong last, in English. */
  readonly lastError: string | undefined
}

/** Which dead letters; all of a handler, or that of one event. */
export interface DeadLetterChoice {
  readonly plugin: string
  readonly handler: string
  readonly eventId?: string | undefined
}

// Written out, not bound: SQLite uses an index with a condition only where the statement's text repeats it.
const IS_DEAD = sql<boolean>`status = 'dead'`
/** Dead letters that one transaction discards. */
const STEP = 100

/** The dead letters of a tenant by handler, most first. */
export async function deadLetterGroups(storage: Storage, tenantId: string): Promise<readonly DeadLetterGroup[]> {
  const groups = new Map<string, DeadLetterGroup>()
  for (const key of await storage.storesOf(tenantId)) {
    const db = storage.kernelStore(key)
    const rows = await db.selectFrom('liberacces_delivery').where(IS_DEAD).groupBy(['subscriber', 'handler'])
      .select((one) => ['subscriber', 'handler', one.fn.countAll<number>().as('count'), one.fn.min('updated_at').as('since'), one.fn.max('updated_at').as('until')]).execute()
    for (const { subscriber, handler, count, since, until } of rows) {
      const known = groups.get(`${subscriber} ${handler}`)
      const isLatest = known === undefined || until > known.until
      const latest = isLatest ? await db.selectFrom('liberacces_delivery').select('last_error').where(IS_DEAD).where('subscriber', '=', subscriber).where('handler', '=', handler).orderBy('updated_at', 'desc').limit(1).executeTakeFirst() : undefined
      groups.set(`${subscriber} ${handler}`, {
        subscriber, handler, count: Number(count) + (known?.count ?? 0), since: Math.min(since, known?.since ?? since), until: Math.max(until, known?.until ?? until),
        lastError: isLatest ? latest?.last_error ?? undefined : known.lastError,
      })
    }
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count || a.subscriber.localeCompare(b.subscriber) || a.handler.localeCompare(b.handler))
}

/**
 * Gives dead letters up: nobody is asked to deal with them any more. They stay to be read as long as delivered events do; of a mail the text
 * goes at once, for nobody will send it.
 * @returns how many there were
 */
export async function discardDeadLetters(storage: Storage, tenantId: string, { plugin, handler, eventId }: DeadLetterChoice, now: number): Promise<number> {
  let count = 0
  for (const key of await storage.storesOf(tenantId)) {
    for (let isFull = true; isFull;) {
      const discarded = await storage.kernelTransaction(key, async (tx) => {
        let query = tx.selectFrom('liberacces_delivery').select(['id', 'event_seq']).where(IS_DEAD).where('subscriber', '=', plugin).where('handler', '=', handler).orderBy('id').limit(STEP)
        if (eventId !== undefined) query = query.where('event_seq', '=', await findEvent(tx, eventId) ?? -1)
        const rows = await query.execute()
        if (rows.length > 0) await discard(tx, rows, plugin, now)
        return rows.length
      })
      count += discarded
      isFull = discarded === STEP
    }
  }
  return count
}

async function discard(tx: Kysely<StoreTables>, rows: readonly { readonly id: number; readonly event_seq: number }[], plugin: string, now: number): Promise<void> {
  await tx.updateTable('liberacces_delivery').set({ status: 'discarded', updated_at: now }).where('id', 'in', rows.map(({ id }) => id)).execute()
  if (plugin !== KERNEL_ID) return
  await tx.updateTable('liberacces_outbox').set({ data_json: JSON.stringify(SENT_MAIL) }).where('type', '=', MAIL_EVENT).where('seq', 'in', rows.map(({ event_seq: seq }) => seq)).execute()
}
