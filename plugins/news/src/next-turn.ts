import type { NewsDatabase } from './news-types.ts'

/** When time alone next changes who sees which article: one appears or is taken away. `undefined` for never. */
export async function nextTurn(db: NewsDatabase, now: Date): Promise<Date | undefined> {
  const instant = now.toISOString()
  const appears = await db.selectFrom('article').select((is) => is.fn.min('published_at').as('at')).where('published_at', '>', instant).executeTakeFirst()
  const ends = await db.selectFrom('article').select((is) => is.fn.min('expires_at').as('at')).where('expires_at', '>', instant).executeTakeFirst()
  const [first] = [appears?.at, ends?.at].filter((at) => typeof at === 'string').toSorted()
  return first === undefined ? undefined : new Date(first)
}
