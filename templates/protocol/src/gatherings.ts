/** The dates in the tables: every question and every change. */
import type { Gathering } from './gathering.ts'
import type { PublicAgendaContext, PublicAgendaDatabase } from './public-agenda-types.ts'
import type { GatheringRow } from './tables.ts'

/** What an agent writes down. Moments are ISO 8601 in UTC. */
export interface NewGathering {
  readonly title: string
  readonly place: string
  readonly startsAt: string
  readonly endsAt: string
}

/** Most dates in a feed. */
const MOST_IN_FEED = 500
/** How long a date stays in the feed after its end, in milliseconds. */
const KEPT_MS = 30 * 86_400_000

/** Stores a date. */
export async function addGathering(c: PublicAgendaContext, { title, place, startsAt, endsAt }: NewGathering): Promise<string> {
  const id = c.id()
  await c.db.insertInto('gathering').values({ id, title, place, starts_at: startsAt, ends_at: endsAt, is_cancelled: 0, changes: 0, changed_at: c.now().toISOString() }).execute()
  return id
}

/** Cancels a date: it stays in the feed, so that calendars that have it learn of it. @returns whether there was something to cancel */
export async function cancelGathering(c: PublicAgendaContext, id: string): Promise<boolean> {
  const { numUpdatedRows } = await c.db.updateTable('gathering')
    .set((is) => ({ is_cancelled: 1, changes: is('changes', '+', 1), changed_at: c.now().toISOString() })).where('id', '=', id).where('is_cancelled', '=', 0).executeTakeFirstOrThrow()
  if (Number(numUpdatedRows) === 0) return false
  await c.audit('gathering.cancelled', id)
  return true
}

/** What calendars get: what is to come, and what ended in the last days. */
export async function gatheringsForFeed(db: PublicAgendaDatabase, now: Date): Promise<readonly Gathering[]> {
  const rows = await db.selectFrom('gathering').selectAll().where('ends_at', '>=', new Date(now.getTime() - KEPT_MS).toISOString()).orderBy('ends_at').orderBy('id').limit(MOST_IN_FEED).execute()
  return rows.map(asGathering)
}

/** What is to come, soonest first. */
export async function comingGatherings(db: PublicAgendaDatabase, now: Date): Promise<readonly Gathering[]> {
  const rows = await db.selectFrom('gathering').selectAll().where('ends_at', '>=', now.toISOString()).orderBy('starts_at').orderBy('id').limit(100).execute()
  return rows.map(asGathering)
}

function asGathering({ id, title, place, starts_at: startsAt, ends_at: endsAt, is_cancelled: cancelled, changes, changed_at: changedAt }: GatheringRow): Gathering {
  return { id, title, place, startsAt, endsAt, isCancelled: cancelled === 1, changes, changedAt }
}
