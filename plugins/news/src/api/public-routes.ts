import { Choice, Type } from '@liberacces/sdk'
import { CATEGORIES } from '../article-content.ts'
import { attachmentPath } from '../file-paths.ts'
import type { NewsRegistrar } from '../news-types.ts'
import { articleById, attachmentsOf, countVisible, latestArticles } from '../public-articles.ts'
import { readableArticle } from '../readable-article.ts'
import { Article, articleJson, ArticleSummary, summaryJson } from './article-json.ts'

const Attachment = Type.Object({ name: Type.String(), type: Type.String(), size: Type.Integer(), url: Type.String() })

/** The API that anyone may read. */
export function registerPublicRoutes(k: NewsRegistrar): void {
  k.route({
    method: 'GET', path: '/api/articles', audience: 'public', summary: 'Published articles, newest first',
    query: Type.Object({
      page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }),
      limit: Type.Integer({ minimum: 1, maximum: 50, default: 20 }),
      category: Type.Optional(Choice(CATEGORIES)),
    }),
    response: { 200: Type.Object({ items: Type.Array(ArticleSummary), page: Type.Integer(), pageCount: Type.Integer(), total: Type.Integer() }) },
  }, async (c, { query: { page, limit, category } }) => {
    const now = c.now()
    const total = await countVisible(c.db, now, category)
    const articles = await latestArticles(c.db, now, { limit, offset: (page - 1) * limit, category })
    return c.reply(200, { items: articles.map((article) => summaryJson(c, article)), page, pageCount: Math.max(1, Math.ceil(total / limit)), total })
  })

  k.route({
    method: 'GET', path: '/api/articles/:id', audience: 'public', summary: 'One article with its text', response: { 200: Article },
  }, async (c, { params }) => {
    const article = readableArticle(c, await articleById(c.db, params['id'] ?? ''))
    return article === undefined ? c.notFound() : c.reply(200, articleJson(c, article))
  })

  k.route({
    method: 'GET', path: '/api/articles/:id/attachments', audience: 'public', summary: 'Files that go with an article', response: { 200: Type.Array(Attachment) },
  }, async (c, { params }) => {
    const article = readableArticle(c, await articleById(c.db, params['id'] ?? ''))
    if (article === undefined) return c.notFound()
    const attachments = await attachmentsOf(c.db, [article.id])
    return c.reply(200, attachments.map(({ id, name, type, size }) => ({ name, type, size, url: c.absoluteUrl(attachmentPath(id)) })))
  })
}
