import { addDays, asDay, type Day, foldText } from '@liberacces/sdk'
import type { DirectoryDb, DirectoryTransaction } from '../directory-types.ts'
import { byOfficeAndRank, hasEnded, type Mandate, type Office } from '../mandate.ts'
import type { Tables } from '../tables.ts'

/** A mandate as it is stored. */
export interface StoredMandate extends Mandate {
  readonly id: string
  readonly personId: string
}

function fromRow(row: Omit<Tables['mandate'], 'announced' | 'search_text'>): StoredMandate {
  return {
    id: row.id,
    personId: row.person_id,
    office: row.office as Office,
    title: row.title,
    rank: row.rank ?? undefined,
    startsOn: asDay(row.starts_on),
    lastDay: row.last_day === null ? undefined : asDay(row.last_day),
  }
}

const COLUMNS = ['id', 'person_id', 'office', 'title', 'rank', 'starts_on', 'last_day'] as const

/** A mandate by id. */
export async function findMandate(db: DirectoryDb, id: string): Promise<StoredMandate | undefined> {
  const row = await db.selectFrom('mandate').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : fromRow(row)
}

/** The mandates of some people, by person, highest office first. Asks in slices, as databases bound a query's values. */
export async function mandatesOf(db: DirectoryDb, personIds: readonly string[]): Promise<ReadonlyMap<string, readonly StoredMandate[]>> {
  const mandates: StoredMandate[] = []
  for (let start = 0; start < personIds.length; start += 500) {
    const rows = await db.selectFrom('mandate').select(COLUMNS).where('person_id', 'in', personIds.slice(start, start + 500)).execute()
    mandates.push(...rows.map(fromRow))
  }
  return Map.groupBy(mandates.toSorted(byOfficeAndRank), (mandate) => mandate.personId)
}

/** Mandates that run today and whose last day is at most `days` days ahead, soonest first, with the person's name. */
export async function mandatesEnding(db: DirectoryDb, today: Day, days: number): Promise<readonly (StoredMandate & { readonly personName: string })[]> {
  const rows = await db
    .selectFrom('mandate')
    .innerJoin('person', 'person.id', 'mandate.person_id')
    .select(['mandate.id', 'person_id', 'mandate.office', 'title', 'rank', 'starts_on', 'last_day', 'first_name', 'last_name'])
    .where('starts_on', '<=', today)
    .where('last_day', '>=', today)
    .where('last_day', '<=', addDays(today, days))
    .orderBy('last_day')
    .orderBy('person.sort_key')
    .limit(50)
    .execute()
  return rows.map((row) => ({ ...fromRow(row), personName: `${row.first_name} ${row.last_name}` }))
}

/**
 * Stores a mandate, new or not. A mandate entered when it is already over is history: its end is not announced. An
 * end that moves to a later day will be announced when that day has passed.
 */
export async function saveMandate(tx: DirectoryTransaction, id: string, personId: string, mandate: Mandate, today: Day): Promise<void> {
  const before = await tx.selectFrom('mandate').select('announced').where('id', '=', id).executeTakeFirst()
  const over = hasEnded(mandate, today)
  const announced = before === undefined ? over : over && before.announced === 1
  const values = {
    office: mandate.office,
    title: mandate.title,
    rank: mandate.rank ?? null,
    starts_on: mandate.startsOn,
    last_day: mandate.lastDay ?? null,
    announced: announced ? 1 : 0,
    search_text: foldText(mandate.title),
  }
  if (before === undefined) await tx.insertInto('mandate').values({ id, person_id: personId, ...values }).execute()
  else await tx.updateTable('mandate').set(values).where('id', '=', id).execute()
}
