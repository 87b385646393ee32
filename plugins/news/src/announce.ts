import type { ArticleState } from './article.ts'
import { ArticleDue } from './article-due.ts'
import { ArticleExpired, ArticlePublished, ArticleWithdrawn } from './contract.ts'
import type { NewsContext, NewsTransaction } from './news-types.ts'
import type { ArticleRow } from './tables.ts'

/** Why an article stopped being, or going to be, visible. */
export type WithdrawalReason = 'withdrawn' | 'archived' | 'deleted'

/** The absolute address of an article's page. */
export function articleUrl(c: Pick<NewsContext, 'absoluteUrl'>, article: Pick<ArticleRow, 'slug'>): string {
  return c.absoluteUrl(`/articles/${article.slug}`)
}

/**
 * Emits what a change of state means to others, in the transaction of that change, and this plugin's own reminders of
 * the dates to come.
 * @param before - the state as stored, not as the dates have it: what has been recorded has been announced
 */
export async function announceChange(c: NewsContext, tx: NewsTransaction, article: ArticleRow, before: ArticleState, after: ArticleState, reason: WithdrawalReason): Promise<void> {
  const { id, title, category } = article
  const sameStart = before.publishedAt?.getTime() === after.publishedAt?.getTime()
  const sameEnd = before.expiresAt?.getTime() === after.expiresAt?.getTime()

  if (after.status === 'scheduled' && !(before.status === 'scheduled' && sameStart)) {
    await remind(tx, id, 'publication', after.publishedAt)
  }
  if ((after.status === 'scheduled' || after.status === 'published') && after.expiresAt !== undefined && !(isAnnounced(before) && sameEnd)) {
    await remind(tx, id, 'expiry', after.expiresAt)
  }
  if (after.status === 'published' && !(before.status === 'published' && sameStart)) {
    const { publishedAt, expiresAt } = after
    await tx.emit(ArticlePublished, {
      id, title, category, url: articleUrl(c, article), publishedAt: publishedAt.toISOString(),
      ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    })
  }
  if (after.status === 'expired' && before.status !== 'expired') {
    await tx.emit(ArticleExpired, { id, expiredAt: after.expiresAt.toISOString() })
  }
  if (isAnnounced(before) && (after.status === 'draft' || after.status === 'archived')) await announceWithdrawal(c, tx, id, reason)
}

/** Emits that an article is gone, if it was visible or planned. */
export async function announceDeletion(c: NewsContext, tx: NewsTransaction, id: string, before: ArticleState): Promise<void> {
  if (isAnnounced(before)) await announceWithdrawal(c, tx, id, 'deleted')
}

async function announceWithdrawal(c: NewsContext, tx: NewsTransaction, id: string, reason: WithdrawalReason): Promise<void> {
  await tx.emit(ArticleWithdrawn, { id, withdrawnAt: c.now().toISOString(), reason })
}

function isAnnounced(state: ArticleState): boolean {
  return state.status === 'scheduled' || state.status === 'published'
}

/** Reminds this plugin of a date when it comes. */
async function remind(tx: NewsTransaction, id: string, due: 'publication' | 'expiry', at: Date): Promise<void> {
  await tx.emit(ArticleDue, { id, due, at: at.toISOString() }, { notBefore: at })
}
