import { Type, Upload } from '@liberacces/sdk'
import { addAttachment } from '../attachments.ts'
import { ATTACHMENT_TYPES, MAX_ATTACHMENT_BYTES } from '../attachment.ts'
import type { NewsRegistrar } from '../news-types.ts'
import { articleById } from '../public-articles.ts'
import { articlePath, refusedPath } from './article-actions.ts'

/** A file to add, with the name that readers will see. */
export const AttachmentForm = Type.Object({
  file: Upload({ accept: ATTACHMENT_TYPES, maxBytes: MAX_ATTACHMENT_BYTES }),
  name: Type.Optional(Type.String({ maxLength: 150 })),
})

/** The form that adds a file; it also stands on the article's own page. */
export function registerAttachmentForm(k: NewsRegistrar): void {
  k.form({
    path: '/gestion/articles/:id/pieces', audience: 'agent', permission: 'article.write', schema: AttachmentForm, title: 'attachment.add', submit: 'attachment.add',
  }, async (c, data, { params }) => {
    const id = params['id'] ?? ''
    const outcome = await addAttachment(c, id, data)
    switch (outcome) {
      case undefined: return c.notFound()
      case 'added': return c.redirect(articlePath(id), 'notice.attachment-added')
      case 'publish-right': return c.redirect(refusedPath(id, 'publish-right'))
      case 'file-unusable':
      case 'too-many-attachments': return c.invalid({ file: c.t(`error.${outcome}`) })
      default: return outcome satisfies never
    }
  }, async (c, { params }) => ((await articleById(c.db, params['id'] ?? '')) === undefined ? undefined : {}))
}
