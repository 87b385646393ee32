import { Directory, type PersonCard } from '@liberacces/plugin-directory/contract'
import type { NewsContext } from './news-types.ts'
import type { ArticleRow } from './tables.ts'

/** The author's name as readers see it; where it is not known any more, the collectivité itself. */
export function authorName(c: NewsContext, article: Pick<ArticleRow, 'author_name'>): string {
  return article.author_name ?? c.t('author.collective', { kind: c.tenant.kind })
}

/** The author's public card. A directory that fails costs the card, not the article. */
export async function authorCard(c: NewsContext, article: Pick<ArticleRow, 'author_person_id'>): Promise<PersonCard | undefined> {
  if (article.author_person_id === null) return undefined
  try {
    return (await c.use(Directory).person({ id: article.author_person_id })) ?? undefined
  } catch (error) {
    c.log.warn('The directory did not answer; the author is shown by name only.', { error: String(error) })
    return undefined
  }
}
