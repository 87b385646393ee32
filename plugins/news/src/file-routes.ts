import { TextBody } from '@liberacces/sdk'
import type { NewsRegistrar } from './news-types.ts'
import { readableArticle } from './readable-article.ts'

const FILE = { 200: TextBody('application/octet-stream') } as const

/** Images and attachments, for whoever may read the article they belong to. */
export function registerFiles(k: NewsRegistrar): void {
  k.route({ method: 'GET', path: '/images/:article/:file', audience: 'public', summary: 'The image of an article', response: FILE }, async (c, { params }) => {
    const article = readableArticle(c, await c.db.selectFrom('article').select(['image_file_id', 'published_at', 'expires_at'])
      .where('id', '=', params['article'] ?? '').where('image_file_id', '=', params['file'] ?? '').executeTakeFirst())
    return typeof article?.image_file_id === 'string' ? c.file(article.image_file_id, { disposition: 'inline' }) : c.notFound()
  })

  k.route({ method: 'GET', path: '/pieces-jointes/:id', audience: 'public', summary: 'A file that goes with an article', response: FILE }, async (c, { params }) => {
    const file = readableArticle(c, await c.db.selectFrom('attachment').innerJoin('article', 'article.id', 'attachment.article_id')
      .select(['attachment.file_id', 'attachment.name', 'article.published_at', 'article.expires_at'])
      .where('attachment.id', '=', params['id'] ?? '').executeTakeFirst())
    return file === undefined ? c.notFound() : c.file(file.file_id, { disposition: 'attachment', name: file.name })
  })
}
