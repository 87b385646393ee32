import { stateAt } from './article.ts'
import { acceptedFile, forgetFiles } from './article-files.ts'
import { stateOf } from './article-record.ts'
import { mayChange } from './article-rights.ts'
import { ATTACHMENT_TYPES, downloadName, MAX_ATTACHMENTS } from './attachment.ts'
import type { NewsContext } from './news-types.ts'
import { oneLine } from './plain-text.ts'
import { articleById, attachmentsOf } from './public-articles.ts'

/** Why a file cannot be added. Each has a message `error.<reason>`. */
export type AttachmentRefusal = 'file-unusable' | 'too-many-attachments' | 'publish-right'

/** Adds a file to an article as its last attachment. `undefined` where there is no such article. */
export async function addAttachment(
  c: NewsContext, articleId: string, data: { readonly file: { readonly id: string }; readonly name?: string },
): Promise<'added' | AttachmentRefusal | undefined> {
  const file = await acceptedFile(c, data.file, ATTACHMENT_TYPES)
  if (file === undefined) return 'file-unusable'
  const outcome = await c.transaction(async (tx) => {
    const article = await articleById(tx, articleId)
    if (article === undefined) return undefined
    if (!mayChange(c.actor, stateAt(stateOf(article), c.now()))) return 'publish-right'
    const attachments = await attachmentsOf(tx, [articleId])
    if (attachments.length >= MAX_ATTACHMENTS) return 'too-many-attachments'
    const name = oneLine(data.name ?? '') || oneLine(file.name) || file.id
    await tx.insertInto('attachment').values({
      id: c.id(), article_id: articleId, file_id: file.id, name: downloadName(name, file.type), type: file.type, size: file.size,
      position: (attachments.at(-1)?.position ?? 0) + 1,
    }).execute()
    await tx.updateTable('article').set({ updated_at: c.now().toISOString() }).where('id', '=', articleId).execute()
    return 'added' as const
  })
  if (outcome !== 'added') await forgetFiles(c, [file.id])
  return outcome
}

/** Takes an attachment away. `undefined` where the article has no such attachment. */
export async function removeAttachment(c: NewsContext, articleId: string, attachmentId: string): Promise<'removed' | 'publish-right' | undefined> {
  const outcome = await c.transaction(async (tx) => {
    const article = await articleById(tx, articleId)
    const attachment = (await attachmentsOf(tx, [articleId])).find(({ id }) => id === attachmentId)
    if (article === undefined || attachment === undefined) return undefined
    if (!mayChange(c.actor, stateAt(stateOf(article), c.now()))) return 'publish-right'
    await tx.deleteFrom('attachment').where('id', '=', attachmentId).execute()
    await tx.updateTable('article').set({ updated_at: c.now().toISOString() }).where('id', '=', articleId).execute()
    return attachment
  })
  if (outcome === undefined || outcome === 'publish-right') return outcome
  await forgetFiles(c, [outcome.file_id])
  return 'removed'
}
