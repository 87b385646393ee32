import type { Kysely } from 'kysely'
import type { Storage, StoreKey } from '../../storage/storage.ts'
import type { StoreTables } from '../../storage/store-tables.ts'
import { deleteEvents } from '../delivery-rows.ts'
import { isExpired, type Cuts } from './kept-days.ts'

/** What went of one store. */
export interface Swept {
  readonly events: number
  readonly deadLetters: number
  readonly inbox: number
  /** When the oldest event that stayed was emitted; `undefined` where none did. */
  readonly oldest: number | undefined
  /** Whether anything is left that a later sweep may find. */
  readonly isEmpty: boolean
}

/** Rows that one step looks at: a short transaction, so that writers hardly wait. */
const STEP = 500

/** Deletes what is kept no longer in one store, step by step. */
export async function sweepStore(storage: Storage, key: StoreKey, cuts: Cuts): Promise<Swept> {
  let [events, deadLetters, inbox] = [0, 0, 0]
  let oldest: number | undefined
  for (let after: number | undefined = 0; after !== undefined;) {
    const from: number = after
    const done = await storage.kernelTransaction(key, (tx) => sweepEvents(tx, from, cuts))
    events += done.events
    deadLetters += done.deadLetters
    oldest = oldest === undefined || (done.oldest !== undefined && done.oldest < oldest) ? done.oldest : oldest
    after = done.next
    await pause()
  }
  let seen = 0
  for (let after: string | undefined = ''; after !== undefined;) {
    const from: string = after
    const done = await storage.kernelTransaction(key, (tx) => sweepInbox(tx, from, cuts.inbox))
    inbox += done.deleted
    seen += done.kept
    after = done.next
    await pause()
  }
  return { events, deadLetters, inbox, oldest, isEmpty: oldest === undefined && seen === 0 }
}

async function sweepEvents(tx: Kysely<StoreTables>, after: number, cuts: Cuts): Promise<Pick<Swept, 'events' | 'deadLetters' | 'oldest'> & { readonly next: number | undefined }> {
  const rows = await tx.selectFrom('liberacces_outbox').select(['seq', 'type', 'time', 'state']).where('seq', '>', after).orderBy('seq').limit(STEP).execute()
  const oldEnough = rows.filter(({ time }) => time < cuts.youngest)
  const deliveries = oldEnough.length === 0 ? []
    : await tx.selectFrom('liberacces_delivery').select(['event_seq', 'status', 'updated_at']).where('event_seq', 'in', oldEnough.map(({ seq }) => seq)).execute()
  const bySeq = Map.groupBy(deliveries, ({ event_seq: seq }) => seq)
  const expired = oldEnough.filter((row) => isExpired(row, bySeq.get(row.seq) ?? [], cuts))
  const gone = new Set(expired.map(({ seq }) => seq))
  await deleteEvents(tx, [...gone])
  return {
    events: gone.size,
    deadLetters: deliveries.filter(({ status, event_seq: seq }) => status === 'dead' && gone.has(seq)).length,
    oldest: rows.find(({ seq }) => !gone.has(seq))?.time,
    // They were written in this order: what follows is younger still.
    next: rows.length < STEP || oldEnough.length === 0 ? undefined : rows.at(-1)?.seq,
  }
}

async function sweepInbox(tx: Kysely<StoreTables>, after: string, before: number): Promise<{ readonly deleted: number; readonly kept: number; readonly next: string | undefined }> {
  const rows = await tx.selectFrom('liberacces_inbox').select(['event_id', 'accepted_at']).where('event_id', '>', after).orderBy('event_id').limit(STEP).execute()
  const ids = [...new Set(rows.filter(({ accepted_at: at }) => at < before).map(({ event_id: id }) => id))]
  if (ids.length > 0) await tx.deleteFrom('liberacces_inbox').where('event_id', 'in', ids).where('accepted_at', '<', before).execute()
  // Several handlers may stand under the last id: all of those that are old are gone with it, and no other is looked for.
  return { deleted: ids.length, kept: rows.length - ids.length, next: rows.length < STEP ? undefined : rows.at(-1)?.event_id }
}

/** Others come through between two steps. */
function pause(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve) })
}
