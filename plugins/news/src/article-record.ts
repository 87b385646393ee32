/** An article between its row and its state. Pure. */
import type { ArticleState } from './article.ts'
import type { ArticleRow } from './tables.ts'

const dateOf = (text: string | null): Date | undefined => (text === null ? undefined : new Date(text))
const textOf = (date: Date | undefined): string | null => date?.toISOString() ?? null

/** The dates that decide on visibility. */
export function datesOf(row: Pick<ArticleRow, 'published_at' | 'expires_at'>): { readonly publishedAt: Date | undefined; readonly expiresAt: Date | undefined } {
  return { publishedAt: dateOf(row.published_at), expiresAt: dateOf(row.expires_at) }
}

/** Until when a row stands before the others. */
export function pinnedUntilOf(row: Pick<ArticleRow, 'pinned_until'>): Date | undefined {
  return dateOf(row.pinned_until)
}

/**
 * The state a row says. A row that misses a date its status needs, which only a damaged table can hold, reads as a draft:
 * that shows it to agents and to no one else.
 */
export function stateOf(row: Pick<ArticleRow, 'status' | 'published_at' | 'expires_at'>): ArticleState {
  const { publishedAt, expiresAt } = datesOf(row)
  const draft: ArticleState = { status: 'draft', publishedAt: undefined, expiresAt }
  switch (row.status) {
    case 'draft': return draft
    case 'scheduled': return publishedAt === undefined ? draft : { status: 'scheduled', publishedAt, expiresAt }
    case 'published': return publishedAt === undefined ? draft : { status: 'published', publishedAt, expiresAt }
    case 'expired': return publishedAt === undefined || expiresAt === undefined ? draft : { status: 'expired', publishedAt, expiresAt }
    case 'archived': return { status: 'archived', publishedAt, expiresAt }
    default: return row.status satisfies never
  }
}

/** The columns that say a state. */
export function columnsOf(state: ArticleState): Pick<ArticleRow, 'status' | 'published_at' | 'expires_at'> {
  return { status: state.status, published_at: textOf(state.publishedAt), expires_at: textOf(state.expiresAt) }
}
