import type { NewsDatabase } from './news-types.ts'

/** Columns with a moment from which on an article is shown otherwise. */
const TURNS = ['published_at', 'pinned_until', 'expires_at'] as const

/** When time alone next changes what is shown: an article appears, leaves the top of the page, or is taken away. `undefined` for never. */
export async function nextTurn(db: NewsDatabase, now: Date): Promise<Date | undefined> {
  const next = async (column: (typeof TURNS)[number]): Promise<string[]> => {
    const found = await db.selectFrom('article').select((is) => is.fn.min(column).as('at')).where(column, '>', now.toISOString()).executeTakeFirst()
    return typeof found?.at === 'string' ? [found.at] : []
  }
  const [first] = (await Promise.all(TURNS.map(next))).flat().toSorted()
  return first === undefined ? undefined : new Date(first)
}
