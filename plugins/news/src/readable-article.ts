import { isVisible } from './article.ts'
import { datesOf } from './article-record.ts'
import type { NewsContext } from './news-types.ts'
import type { ArticleRow } from './tables.ts'

/** The article if this reader may see it: everyone a visible one, agents the others too. */
export function readableArticle<Row extends Pick<ArticleRow, 'published_at' | 'expires_at'>>(c: NewsContext, article: Row | undefined): Row | undefined {
  if (article === undefined) return undefined
  return isVisible(datesOf(article), c.now()) || c.actor.can('article.read-drafts') ? article : undefined
}
