import { sql, type Kysely } from 'kysely'
import { eventNumberIn } from '../storage/event-number.ts'
import type { StoreTables } from '../storage/store-tables.ts'

// Written out, not bound: only so does SQLite use the index with this condition.
const IS_GIVEN = sql<boolean>`id_given = 1`

/** The number of the event with an id in one store; `undefined` where there is no such event. */
export async function findEvent(db: Kysely<StoreTables>, id: string): Promise<number | undefined> {
  const outbox = db.selectFrom('liberacces_outbox').select('seq').where('id', '=', id)
  const number = eventNumberIn(id)
  const found = number === undefined ? undefined : await outbox.where('seq', '=', number).executeTakeFirst()
  return (found ?? await outbox.where(IS_GIVEN).executeTakeFirst())?.seq
}
