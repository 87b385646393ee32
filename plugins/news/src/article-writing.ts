import { Directory } from '@liberacces/plugin-directory/contract'
import type { FileRef } from '@liberacces/sdk'
import { stateAt, transition, type ArticleState, type Refusal, type Transition } from './article.ts'
import { announceChange } from './announce.ts'
import type { ArticleContent } from './article-content.ts'
import { forgetFiles } from './article-files.ts'
import { columnsOf, stateOf } from './article-record.ts'
import { mayChange } from './article-rights.ts'
import type { NewsContext, NewsTransaction } from './news-types.ts'
import { articleById } from './public-articles.ts'
import { foldText, freeSlug, slugOf } from './slug.ts'
import type { ArticleRow } from './tables.ts'

/** The file of an article's image. */
export type ImageFile = Pick<FileRef, 'id' | 'type' | 'size'>

/** Why an edit is refused, and the field it is about; `''` is the article as a whole. */
export interface EditRefusal {
  readonly ok: false
  readonly field: '' | 'publishAt' | 'expiresAt'
  readonly reason: Refusal | 'changed-meanwhile' | 'publish-right' | 'schedule-needs-date'
}

type ContentColumns = Pick<ArticleRow,
  'title' | 'summary' | 'body' | 'category' | 'image_file_id' | 'image_type' | 'image_size' | 'image_alt' | 'image_credit' | 'publish_at' | 'pinned_until' | 'search_text'>

/** Stores a new draft by the acting person. */
export async function createArticle(c: NewsContext, content: ArticleContent, image: ImageFile | undefined): Promise<ArticleRow> {
  const account = c.actor.kind === 'account' ? c.actor : undefined
  const person = account === undefined ? null : await c.use(Directory).personOfAccount({ accountId: account.id })
  const now = c.now().toISOString()
  return c.transaction(async (tx) => {
    const article: ArticleRow = {
      id: c.id(),
      slug: await unusedSlug(tx, content.title, undefined),
      ...contentColumns(content, image),
      ...columnsOf({ status: 'draft', publishedAt: undefined, expiresAt: content.expiresAt }),
      author_person_id: person?.id ?? null,
      author_name: person?.displayName ?? account?.name ?? null,
      author_account_id: account?.id ?? null,
      first_published_at: null,
      created_at: now,
      updated_at: now,
      version: 1,
    }
    await tx.insertInto('article').values(article).execute()
    return article
  })
}

/**
 * Stores what an article says now. Dates of a scheduled or visible article take effect at once.
 * @param expectedVersion - the version the person saw; `undefined` to change whatever is there
 */
export async function editArticle(
  c: NewsContext, id: string, expectedVersion: number | undefined, content: ArticleContent, image: ImageFile | undefined,
): Promise<{ readonly ok: true; readonly article: ArticleRow } | EditRefusal | undefined> {
  const now = c.now()
  const result = await c.transaction(async (tx) => {
    const row = await articleById(tx, id)
    if (row === undefined) return undefined
    if (expectedVersion !== undefined && expectedVersion !== row.version) return refuse('', 'changed-meanwhile')
    const before = stateOf(row)
    const current = stateAt(before, now)
    if (!mayChange(c.actor, current)) return refuse('', 'publish-right')
    const dated = changeDates(current, content, now)
    if (!dated.ok) return dated

    const article: ArticleRow = {
      ...row, ...contentColumns(content, image), ...columnsOf(dated.state),
      slug: row.first_published_at === null ? await unusedSlug(tx, content.title, row.id) : row.slug,
      updated_at: now.toISOString(), version: row.version + 1,
    }
    const { id: _id, created_at: _created, ...changes } = article
    const { numUpdatedRows } = await tx.updateTable('article').set(changes).where('id', '=', id).where('version', '=', row.version).executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return refuse('', 'changed-meanwhile')
    await announceChange(c, tx, article, before, dated.state, 'withdrawn')
    return { ok: true as const, article, replacedImage: row.image_file_id === article.image_file_id ? null : row.image_file_id }
  })
  if (result?.ok !== true) return result
  await forgetFiles(c, [result.replacedImage])
  return { ok: true, article: result.article }
}

function refuse(field: EditRefusal['field'], reason: EditRefusal['reason']): EditRefusal {
  return { ok: false, field, reason }
}

/** The state with the dates of the form; a refusal names the date it is about. */
function changeDates(current: ArticleState, { publishAt, expiresAt }: ArticleContent, now: Date): { readonly ok: true; readonly state: ArticleState } | EditRefusal {
  if (current.status === 'archived') return refuse('', 'archived')
  if (current.status === 'scheduled' && publishAt?.getTime() !== current.publishedAt.getTime()) {
    if (publishAt === undefined) return refuse('publishAt', 'schedule-needs-date')
    return blame('publishAt', transition({ ...current, expiresAt }, { kind: 'schedule', at: publishAt }, now))
  }
  return blame('expiresAt', transition(current, { kind: 'change-expiry', expiresAt }, now))
}

function blame(field: 'publishAt' | 'expiresAt', outcome: Transition): { readonly ok: true; readonly state: ArticleState } | EditRefusal {
  if (outcome.ok) return outcome
  return refuse(outcome.reason === 'expires-before-publication' ? 'expiresAt' : field, outcome.reason)
}

function contentColumns(content: ArticleContent, image: ImageFile | undefined): ContentColumns {
  return {
    title: content.title,
    summary: content.summary,
    body: content.body,
    category: content.category,
    image_file_id: image?.id ?? null,
    image_type: image?.type ?? null,
    image_size: image?.size ?? null,
    image_alt: image === undefined ? null : (content.imageAlt ?? null),
    image_credit: image === undefined ? null : (content.imageCredit ?? null),
    publish_at: content.publishAt?.toISOString() ?? null,
    pinned_until: content.pinnedUntil?.toISOString() ?? null,
    search_text: foldText(`${content.title} ${content.summary}`),
  }
}

/** A slug that no other article has. */
async function unusedSlug(tx: NewsTransaction, title: string, ownId: string | undefined): Promise<string> {
  const base = slugOf(title)
  // A slug holds no wildcard.
  const taken = await tx.selectFrom('article').select(['id', 'slug']).where((is) => is.or([is('slug', '=', base), is('slug', 'like', `${base}-%`)])).execute()
  return freeSlug(base, new Set(taken.filter(({ id }) => id !== ownId).map(({ slug }) => slug)))
}
