import type { ArticleState } from './article.ts'
import type { NewsContext } from './news-types.ts'

/**
 * Whether a person may change or delete an article in this state: what the public sees, or is about to, needs the right
 * to publish as well, else the right to write would be enough to say anything in the collectivité's name.
 */
export function mayChange(actor: NewsContext['actor'], state: ArticleState): boolean {
  return actor.can('article.write') && (state.status === 'draft' || actor.can('article.publish'))
}
