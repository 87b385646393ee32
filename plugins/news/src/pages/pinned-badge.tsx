import { Badge } from '@liberacces/sdk/ui'
import { isPinned } from '../article.ts'
import { pinnedUntilOf } from '../article-record.ts'
import type { NewsContext } from '../news-types.ts'
import type { ArticleRow } from '../tables.ts'

/** Says that an article stands before the others; nothing where it does not. */
export function PinnedBadge({ c, article }: { readonly c: NewsContext; readonly article: Pick<ArticleRow, 'pinned_until'> }) {
  return isPinned(pinnedUntilOf(article), c.now()) ? <><Badge kind="info">{c.t('article.pinned')}</Badge> </> : null
}
