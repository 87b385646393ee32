import { Badge, type BadgeProps } from '@liberacces/sdk/ui'
import type { ArticleStatus } from '../article.ts'
import type { NewsContext } from '../news-types.ts'

const KINDS: Readonly<Record<ArticleStatus, NonNullable<BadgeProps['kind']>>> = {
  draft: 'neutral', scheduled: 'info', published: 'success', expired: 'warning', archived: 'neutral',
}

/** An article's state in a word. */
export function StatusBadge({ c, status }: { readonly c: NewsContext; readonly status: ArticleStatus }) {
  return <Badge kind={KINDS[status]}>{c.t(`status.${status}`)}</Badge>
}
