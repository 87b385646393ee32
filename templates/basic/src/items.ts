/** The items in the tables: every question and every change. */
import { ItemReturned } from './contract.ts'
import { NO_FINDER, remindToForget } from './finder.ts'
import { addDays, dayOf, type Category, type Day } from './lost-item.ts'
import type { LostPropertyContext, LostPropertyDatabase, LostPropertyTransaction } from './lost-property-types.ts'
import { searchText } from './search-text.ts'
import type { ItemRow } from './tables.ts'

/** What an agent writes down. */
export interface NewItem {
  readonly label: string
  readonly category: Category
  readonly foundPlace: string
  readonly foundOn: Day
  readonly details?: string
  readonly finderName?: string
  readonly finderEmail?: string
}

/** A page of a list. */
export interface PageOf {
  /** From 0. */
  readonly offset: number
  readonly limit: number
}

/** What became of giving an item back. */
export type ReturnOutcome = 'returned' | 'already-returned' | 'unknown'

/** Stores an item and the reminder of its end, both or neither. */
export async function recordItem(c: LostPropertyContext, item: NewItem): Promise<string> {
  return c.transaction((tx) => insertItem(c, tx, item))
}

/** The same within a transaction that is open already. */
export async function insertItem(c: LostPropertyContext, tx: LostPropertyTransaction, item: NewItem): Promise<string> {
  const row: ItemRow = {
    id: c.id(),
    label: item.label,
    category: item.category,
    found_place: item.foundPlace,
    found_on: item.foundOn,
    kept_until: addDays(item.foundOn, c.settings.daysKept),
    details: item.details ?? null,
    finder_name: item.finderName ?? null,
    finder_email: item.finderEmail?.toLowerCase() ?? null,
    returned_on: null,
    search_text: searchText(`${item.label} ${item.foundPlace}`),
  }
  await tx.insertInto('item').values(row).execute()
  await remindToForget(tx, row)
  return row.id
}

/** Gives an item back: its finder is forgotten, others are told, and the audit trail says who did it. */
export async function returnItem(c: LostPropertyContext, id: string): Promise<ReturnOutcome> {
  const now = c.now()
  const outcome = await c.transaction(async (tx): Promise<ReturnOutcome> => {
    const item = await tx.selectFrom('item').select(['category', 'returned_on']).where('id', '=', id).executeTakeFirst()
    if (item === undefined) return 'unknown'
    if (item.returned_on !== null) return 'already-returned'
    await tx.updateTable('item').set({ returned_on: dayOf(now), ...NO_FINDER }).where('id', '=', id).execute()
    await tx.emit(ItemReturned, { id, category: item.category, returnedAt: now.toISOString() })
    return 'returned'
  })
  if (outcome === 'returned') await c.audit('item.returned', id)
  return outcome
}

/** One page of what can still be claimed, newest finds first. */
export function itemsToClaim(db: LostPropertyDatabase, search: string, today: Day, { offset, limit }: PageOf) {
  return claimable(db, search, today)
    .select(['id', 'label', 'category', 'found_place', 'found_on'])
    .orderBy('found_on', 'desc').orderBy('id', 'desc')
    .offset(offset).limit(limit)
    .execute()
}

/** How many items can still be claimed. */
export async function countToClaim(db: LostPropertyDatabase, search: string, today: Day): Promise<number> {
  const { count } = await claimable(db, search, today).select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

/** One page of the register, newest finds first. */
export function registeredItems(db: LostPropertyDatabase, { offset, limit }: PageOf) {
  return db.selectFrom('item').selectAll().orderBy('found_on', 'desc').orderBy('id', 'desc').offset(offset).limit(limit).execute()
}

/** How many items there are in all. */
export async function countRegistered(db: LostPropertyDatabase): Promise<number> {
  const { count } = await db.selectFrom('item').select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

/** `stateOn(…) === 'kept'`, said in SQL; every word of the search occurs. */
function claimable(db: LostPropertyDatabase, search: string, today: Day) {
  let items = db.selectFrom('item').where('returned_on', 'is', null).where('kept_until', '>=', today)
  for (const word of searchText(search).split(' ').slice(0, 8)) items = items.where('search_text', 'like', `%${word}%`)
  return items
}
