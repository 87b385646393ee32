/** What agents see: every article, searched, filtered by state and sorted. */
import type { ArticleStatus } from './article.ts'
import type { NewsDatabase } from './news-types.ts'
import { foldText } from './slug.ts'
import type { ArticleRow } from './tables.ts'

/** Columns that the agents' list sorts by. */
export const SORT_KEYS = ['title', 'category', 'published_at', 'updated_at'] as const
/** One of them. */
export type SortKey = (typeof SORT_KEYS)[number]

/** What the agents' list is asked for. */
export interface ArticleSearch {
  /** Every word must occur in title or summary; accents and case do not matter. */
  readonly text: string
  readonly status: ArticleStatus | 'all'
  readonly sort: SortKey
  readonly direction: 'asc' | 'desc'
}

/** An article in the agents' list. */
export type ListedArticle = Pick<ArticleRow, 'id' | 'title' | 'category' | 'status' | 'author_name' | 'published_at' | 'expires_at' | 'pinned_until' | 'updated_at'>

const articles = (db: NewsDatabase) => db.selectFrom('article')
type ArticleQuery = ReturnType<typeof articles>

function foundArticles(db: NewsDatabase, search: Pick<ArticleSearch, 'text' | 'status'>, now: Date): ArticleQuery {
  let found = articles(db)
  // Folded words hold letters and digits only, so none of them is a wildcard.
  for (const word of foldText(search.text).split(' ').filter((each) => each !== '').slice(0, 10)) {
    found = found.where('search_text', 'like', `%${word}%`)
  }
  return search.status === 'all' ? found : withStatus(found, search.status, now.toISOString())
}

/** The conditions of `stateAt` in SQL: what the dates say counts more than what has been recorded. */
function withStatus(query: ArticleQuery, status: ArticleStatus, now: string): ArticleQuery {
  if (status === 'draft' || status === 'archived') return query.where('status', '=', status)
  const dated = query.where('status', 'in', ['scheduled', 'published', 'expired'])
  if (status === 'expired') return dated.where('expires_at', '<=', now)
  const alive = dated.where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', now)]))
  return alive.where('published_at', status === 'scheduled' ? '>' : '<=', now)
}

/** One page of the agents' list. Articles without the date sorted by come last, whichever the direction. */
export function searchArticles(db: NewsDatabase, search: ArticleSearch, now: Date, page: { readonly limit: number; readonly offset: number }): Promise<ListedArticle[]> {
  return foundArticles(db, search, now)
    .select(['id', 'title', 'category', 'status', 'author_name', 'published_at', 'expires_at', 'pinned_until', 'updated_at'])
    .orderBy(search.sort === 'title' ? 'search_text' : search.sort, (order) => (search.direction === 'asc' ? order.asc() : order.desc()).nullsLast())
    .orderBy('id', 'desc')
    .limit(page.limit).offset(page.offset)
    .execute()
}

/** How many articles the search finds. */
export async function countArticles(db: NewsDatabase, search: Pick<ArticleSearch, 'text' | 'status'>, now: Date): Promise<number> {
  const { count } = await foundArticles(db, search, now).select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

/** The article that appears next by itself. */
export function nextScheduled(db: NewsDatabase, now: Date): Promise<Pick<ArticleRow, 'id' | 'title' | 'published_at'> | undefined> {
  return withStatus(articles(db), 'scheduled', now.toISOString()).select(['id', 'title', 'published_at']).orderBy('published_at').orderBy('id').limit(1).executeTakeFirst()
}
