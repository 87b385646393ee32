import { stateAt, transition, type ArticleCommand, type ArticleState, type Refusal } from './article.ts'
import { announceChange, announceDeletion } from './announce.ts'
import { columnsOf, stateOf } from './article-record.ts'
import { forgetFiles } from './article-files.ts'
import { mayChange } from './article-rights.ts'
import type { NewsContext, NewsTransaction } from './news-types.ts'
import { articleById, attachmentsOf } from './public-articles.ts'
import type { ArticleRow } from './tables.ts'

/** What became of a command on a stored article. `undefined` where there is no such article. */
export type CommandResult = { readonly ok: true; readonly article: ArticleRow } | { readonly ok: false; readonly reason: Refusal | 'changed-meanwhile' } | undefined

/** Two people change one article at the same moment. */
class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile'
  constructor(id: string) {
    super(`Article ${id} was changed by someone else at the same moment. Doing it again settles it.`)
  }
}

/** What the audit trail calls each command that a person gives; the others leave no trace of their own. */
const AUDITED: { readonly [Kind in ArticleCommand['kind']]?: string } = {
  'publish': 'article.published',
  'fall-due': 'article.published',
  'schedule': 'article.scheduled',
  'withdraw': 'article.withdrawn',
  'archive': 'article.archived',
  'restore': 'article.restored',
}

/** {@link applyCommand} for people: what another has changed in the same moment is one more reason to refuse. */
export async function commandArticle(c: NewsContext, id: string, command: ArticleCommand): Promise<CommandResult> {
  try {
    return await applyCommand(c, id, command)
  } catch (error) {
    if (error instanceof ChangedMeanwhile) return { ok: false, reason: 'changed-meanwhile' }
    throw error
  }
}

/**
 * Carries a command out on a stored article: state, events and reminders in one transaction, then the audit trail.
 * A transition that is refused changes nothing and says why.
 * @throws ChangedMeanwhile when someone else changes the article in the same moment; nothing is stored then
 */
export async function applyCommand(c: NewsContext, id: string, command: ArticleCommand): Promise<CommandResult> {
  const now = c.now()
  const result = await c.transaction(async (tx): Promise<CommandResult> => {
    const row = await articleById(tx, id)
    if (row === undefined) return undefined
    const before = stateOf(row)
    const outcome = transition(before, withLifetime(command, now, c.settings.lifetimeDays), now)
    if (!outcome.ok) return outcome
    const after = ends(before, outcome.state, command, c.settings.lifetimeDays)
    const columns = columnsOf(after)
    const article: ArticleRow = {
      ...row, ...columns, publish_at: command.kind === 'publish' ? null : row.publish_at, first_published_at: row.first_published_at ?? columns.published_at,
      updated_at: touched(command, row, now), version: row.version + 1,
    }
    await storeState(tx, row, article)
    await announceChange(c, tx, article, before, after, command.kind === 'archive' ? 'archived' : 'withdrawn')
    return { ok: true, article }
  })
  const action = AUDITED[command.kind]
  if (result?.ok === true && action !== undefined) await c.audit(action, id, { title: result.article.title })
  return result
}

/** Deletes an article with its files. Whether it existed, or whether this person may. */
export async function deleteArticle(c: NewsContext, id: string): Promise<'deleted' | 'unknown' | 'publish-right'> {
  const gone = await c.transaction(async (tx) => {
    const row = await articleById(tx, id)
    if (row === undefined) return 'unknown'
    if (!mayChange(c.actor, stateAt(stateOf(row), c.now()))) return 'publish-right'
    const attachments = await attachmentsOf(tx, [id])
    await tx.deleteFrom('attachment').where('article_id', '=', id).execute()
    await tx.deleteFrom('article').where('id', '=', id).execute()
    await announceDeletion(c, tx, id, stateOf(row))
    return { title: row.title, files: [row.image_file_id, ...attachments.map(({ file_id: file }) => file)] }
  })
  if (typeof gone === 'string') return gone
  await c.audit('article.deleted', id, { title: gone.title })
  await forgetFiles(c, gone.files)
  return 'deleted'
}

const DAY_MS = 86_400_000

function lifetimeFrom(start: Date, days: number | undefined): Date | undefined {
  return days === undefined ? undefined : new Date(start.getTime() + days * DAY_MS)
}

/** An expired article that is published again gets a new end where the collectivité has set a lifetime. */
function withLifetime(command: ArticleCommand, now: Date, days: number | undefined): ArticleCommand {
  return command.kind === 'publish' ? { ...command, renewedUntil: command.renewedUntil ?? lifetimeFrom(now, days) } : command
}

/** An article that is published or scheduled without an end gets the collectivité's, if it has set one. */
function ends(before: ArticleState, after: ArticleState, command: ArticleCommand, days: number | undefined): ArticleState {
  if (command.kind !== 'publish' && command.kind !== 'schedule') return after
  if (after.expiresAt !== undefined || before.status === 'expired') return after
  if (after.status !== 'published' && after.status !== 'scheduled') return after
  return { ...after, expiresAt: lifetimeFrom(after.publishedAt, days) }
}

/** What merely records that a date has come is no change to what readers see: the feed must not show it as an update. */
function touched(command: ArticleCommand, row: ArticleRow, now: Date): string {
  return command.kind === 'fall-due' || command.kind === 'expire' ? row.updated_at : now.toISOString()
}

/** Stores a new state unless someone else has changed the article since it was read. */
async function storeState(tx: NewsTransaction, row: ArticleRow, article: ArticleRow): Promise<void> {
  const { status, publish_at, published_at, expires_at, first_published_at, updated_at, version } = article
  const { numUpdatedRows } = await tx.updateTable('article').set({ status, publish_at, published_at, expires_at, first_published_at, updated_at, version })
    .where('id', '=', row.id).where('version', '=', row.version).executeTakeFirstOrThrow()
  // Thrown, not returned: the transaction must leave nothing behind, or an event would count as handled that was not.
  if (numUpdatedRows === 0n) throw new ChangedMeanwhile(row.id)
}
