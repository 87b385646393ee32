/** What the public may read: queries that look at the dates and at nothing else. */
import { CATEGORIES, type Category } from './article-content.ts'
import type { NewsDatabase } from './news-types.ts'
import type { ArticleRow, AttachmentRow } from './tables.ts'

const CARD = ['id', 'slug', 'title', 'summary', 'category', 'image_file_id', 'image_alt', 'published_at', 'expires_at', 'pinned_until', 'updated_at', 'author_name'] as const

/** An article in a list: everything but its text. */
export type ArticleCard = Pick<ArticleRow, (typeof CARD)[number]>
/** An article that leads on from another. */
export type Neighbour = Pick<ArticleRow, 'slug' | 'title'>

function visibleArticles(db: NewsDatabase, now: Date, category?: Category) {
  const instant = now.toISOString()
  const visible = db.selectFrom('article')
    .where('published_at', '<=', instant)
    .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', instant)]))
  return category === undefined ? visible : visible.where('category', '=', category)
}

/** Visible articles, newest first. */
export function latestArticles(db: NewsDatabase, now: Date, page: { readonly limit: number; readonly offset?: number; readonly category?: Category | undefined }): Promise<ArticleCard[]> {
  return visibleArticles(db, now, page.category)
    .select(CARD)
    .orderBy('published_at', 'desc').orderBy('id', 'desc')
    .limit(page.limit).offset(page.offset ?? 0)
    .execute()
}

/** Visible articles as the Guichet shows them: those at the top of the page first, then the others, each newest first. */
export async function frontArticles(db: NewsDatabase, now: Date, { limit, offset = 0, category }: { readonly limit: number; readonly offset?: number; readonly category?: Category | undefined }): Promise<ArticleCard[]> {
  const instant = now.toISOString()
  // Two queries that each walk an index, instead of one that sorts every article for each reader. At the top there are few.
  const pinned = await visibleArticles(db, now, category).where('pinned_until', '>', instant)
    .select(CARD).orderBy('published_at', 'desc').orderBy('id', 'desc').execute()
  const first = pinned.slice(offset, offset + limit)
  if (first.length === limit) return first
  const others = await visibleArticles(db, now, category).where((is) => is.or([is('pinned_until', 'is', null), is('pinned_until', '<=', instant)]))
    .select(CARD).orderBy('published_at', 'desc').orderBy('id', 'desc')
    .limit(limit - first.length).offset(Math.max(0, offset - pinned.length)).execute()
  return [...first, ...others]
}

/** Visible articles with their text, newest first, for the feed. */
export function latestFullArticles(db: NewsDatabase, now: Date, limit: number): Promise<ArticleRow[]> {
  return visibleArticles(db, now).selectAll().orderBy('published_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** How many articles are visible. */
export async function countVisible(db: NewsDatabase, now: Date, category?: Category): Promise<number> {
  const { count } = await visibleArticles(db, now, category).select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

/** An article by id, visible or not, in one look-up by primary key: the caller decides who may see it. */
export function articleById(db: NewsDatabase, id: string): Promise<ArticleRow | undefined> {
  return db.selectFrom('article').selectAll().where('id', '=', id).executeTakeFirst()
}

/** An article by the last part of its address, visible or not: the caller decides who may see it. */
export function articleBySlug(db: NewsDatabase, slug: string): Promise<ArticleRow | undefined> {
  return db.selectFrom('article').selectAll().where('slug', '=', slug).executeTakeFirst()
}

/** The visible articles published just before and just after one. */
export async function neighboursOf(db: NewsDatabase, now: Date, article: Pick<ArticleRow, 'id' | 'published_at'>): Promise<{ readonly older: Neighbour | undefined; readonly newer: Neighbour | undefined }> {
  const { id, published_at: date } = article
  if (date === null) return { older: undefined, newer: undefined }
  const older = await visibleArticles(db, now).select(['slug', 'title'])
    .where((is) => is.or([is('published_at', '<', date), is.and([is('published_at', '=', date), is('id', '<', id)])]))
    .orderBy('published_at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst()
  const newer = await visibleArticles(db, now).select(['slug', 'title'])
    .where((is) => is.or([is('published_at', '>', date), is.and([is('published_at', '=', date), is('id', '>', id)])]))
    .orderBy('published_at', 'asc').orderBy('id', 'asc').limit(1).executeTakeFirst()
  return { older, newer }
}

/** The attachments of some articles, each article's in its order. */
export async function attachmentsOf(db: NewsDatabase, articleIds: readonly string[]): Promise<AttachmentRow[]> {
  if (articleIds.length === 0) return []
  return db.selectFrom('attachment').selectAll().where('article_id', 'in', articleIds).orderBy('article_id').orderBy('position').orderBy('id').execute()
}

/** Subjects that have visible articles, in the order of `CATEGORIES`. */
export async function visibleCategories(db: NewsDatabase, now: Date): Promise<Category[]> {
  const rows = await visibleArticles(db, now).select('category').distinct().execute()
  const found = new Set(rows.map(({ category }) => category))
  return CATEGORIES.filter((category) => found.has(category))
}
