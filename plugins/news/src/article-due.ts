import { Choice, defineEvent, Type } from '@liberacces/sdk'

/**
 * A reminder of this plugin to itself, delivered when a planned date comes. It names the date it was written for: when
 * the plan has moved since, it is about nothing. It has no subject on purpose: events of one subject are delivered in
 * order, and one that waits for next week must not hold up those of today.
 */
export const ArticleDue = defineEvent(
  'fr.liberacces.news.article-due/v1',
  Type.Object({ id: Type.String(), due: Choice(['publication', 'expiry']), at: Type.String({ format: 'date-time' }) }),
)
