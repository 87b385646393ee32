import { Type } from '@liberacces/sdk'
import { checkContent, type CheckedContent } from '../article-content.ts'
import { commandArticle, deleteArticle } from '../article-commands.ts'
import { createArticle, editArticle } from '../article-writing.ts'
import { articleRefusal } from '../refusal-message.ts'
import type { NewsContext, NewsRegistrar } from '../news-types.ts'
import { articleById } from '../public-articles.ts'
import { Article, ArticleChange, articleJson, NewArticle } from './article-json.ts'
import { Problem, problem } from './problem.ts'

/** The API for agents' tools. */
export function registerAgentRoutes(k: NewsRegistrar): void {
  k.route({
    method: 'POST', path: '/api/articles', audience: 'agent', permission: 'article.write', summary: 'Write a draft',
    body: NewArticle, response: { 201: Article, 422: Problem },
  }, async (c, { body }) => {
    const checked = checkContent({ ...body, hasImage: false })
    if (!checked.ok) return c.reply(422, contentProblem(c, checked))
    const article = await createArticle(c, checked.content, undefined)
    return c.reply(201, articleJson(c, article), { location: c.url(`/api/articles/${article.id}`) })
  })

  k.route({
    method: 'PATCH', path: '/api/articles/:id', audience: 'agent', permission: 'article.write', summary: 'Change an article',
    body: ArticleChange, response: { 200: Article, 409: Problem, 422: Problem },
  }, async (c, { params, body }) => {
    const row = await articleById(c.db, params['id'] ?? '')
    if (row === undefined) return c.notFound()
    const publishAt = body.publishAt === undefined ? row.publish_at : body.publishAt
    const expiresAt = body.expiresAt === undefined ? row.expires_at : body.expiresAt
    const pinnedUntil = body.pinnedUntil === undefined ? row.pinned_until : body.pinnedUntil
    const checked = checkContent({
      title: body.title ?? row.title,
      summary: body.summary ?? row.summary,
      body: body.body ?? row.body,
      category: body.category ?? row.category,
      hasImage: row.image_file_id !== null,
      imageAlt: body.imageAlt ?? row.image_alt ?? undefined,
      imageCredit: body.imageCredit ?? row.image_credit ?? undefined,
      publishAt: publishAt ?? undefined,
      expiresAt: expiresAt ?? undefined,
      pinnedUntil: pinnedUntil ?? undefined,
    })
    if (!checked.ok) return c.reply(422, contentProblem(c, checked))
    const image = row.image_file_id === null ? undefined : { id: row.image_file_id, type: row.image_type ?? '', size: row.image_size ?? 0 }
    const result = await editArticle(c, row.id, body.version ?? row.version, checked.content, image)
    if (result === undefined) return c.notFound()
    return result.ok ? c.reply(200, articleJson(c, result.article)) : c.reply(409, problem(c, 409, result.reason, articleRefusal(result.reason)))
  })

  k.route({
    method: 'POST', path: '/api/articles/:id/publish', audience: 'agent', permission: 'article.publish', summary: 'Publish an article now',
    response: { 200: Article, 409: Problem },
  }, async (c, { params }) => {
    const result = await commandArticle(c, params['id'] ?? '', { kind: 'publish' })
    if (result === undefined) return c.notFound()
    return result.ok ? c.reply(200, articleJson(c, result.article)) : c.reply(409, problem(c, 409, result.reason, articleRefusal(result.reason)))
  })

  k.route({
    method: 'DELETE', path: '/api/articles/:id', audience: 'agent', permission: 'article.write', summary: 'Delete an article and its files',
    response: { 204: Type.Null(), 403: Problem },
  }, async (c, { params }) => {
    switch (await deleteArticle(c, params['id'] ?? '')) {
      case 'unknown': return c.notFound()
      case 'publish-right': return c.reply(403, problem(c, 403, 'publish-right', articleRefusal('publish-right')))
      case 'deleted': return c.reply(204, null)
    }
  })
}

function contentProblem(c: NewsContext, checked: Extract<CheckedContent, { ok: false }>): string {
  const errors = Object.fromEntries(Object.entries(checked.problems).map(([field, what]) => [field, c.t(`error.${what}`)]))
  return problem(c, 422, 'content-invalid', 'problem.content', errors)
}
