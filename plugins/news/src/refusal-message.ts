import type { Refusal } from './article.ts'
import type { NewsMessage } from './news-types.ts'

/** Every reason for which a change of an article is refused. */
export type ArticleRefusal = Refusal | 'changed-meanwhile' | 'publish-right' | 'schedule-needs-date'

/** The message that tells people why. */
export function articleRefusal(reason: ArticleRefusal): NewsMessage {
  return `refused.${reason}`
}
