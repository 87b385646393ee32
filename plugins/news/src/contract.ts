/** What other plugins may rely on: the news as events. Nothing here runs but the declarations. */
import { Choice, defineEvent, Type } from '@liberacces/sdk'
import { CATEGORIES } from './article-content.ts'

/** An article has become visible to the public. Sent once each time that happens. */
export const ArticlePublished = defineEvent(
  'fr.liberacces.news.article-published/v1',
  Type.Object({
    id: Type.String(),
    title: Type.String(),
    /** Absolute. */
    url: Type.String(),
    publishedAt: Type.String({ format: 'date-time' }),
    category: Choice(CATEGORIES),
    /** From then on it is no longer visible, unless it changes. */
    expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  { subject: 'id' },
)

/** A visible or scheduled article is no longer, because someone decided so. */
export const ArticleWithdrawn = defineEvent(
  'fr.liberacces.news.article-withdrawn/v1',
  Type.Object({
    id: Type.String(),
    withdrawnAt: Type.String({ format: 'date-time' }),
    reason: Choice(['withdrawn', 'archived', 'deleted']),
  }),
  { subject: 'id' },
)

/** A visible article has come to the end of its time. */
export const ArticleExpired = defineEvent(
  'fr.liberacces.news.article-expired/v1',
  Type.Object({ id: Type.String(), expiredAt: Type.String({ format: 'date-time' }) }),
  { subject: 'id' },
)
