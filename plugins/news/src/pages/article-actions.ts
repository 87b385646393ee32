import type { Redirect, NotFound } from '@liberacces/sdk'
import type { ArticleCommand } from '../article.ts'
import { commandArticle, deleteArticle } from '../article-commands.ts'
import { removeAttachment } from '../attachments.ts'
import type { NewsMessage, NewsPage, NewsRegistrar } from '../news-types.ts'
import { articleById } from '../public-articles.ts'
import type { ArticleRefusal } from '../refusal-message.ts'

/** Path of an article's page for agents, inside the plugin. */
export function articlePath(id: string): string {
  return `/gestion/articles/${encodeURIComponent(id)}`
}

/** The same page, saying why something was refused. */
export function refusedPath(id: string, reason: ArticleRefusal): string {
  return `${articlePath(id)}?refused=${reason}`
}

async function run(c: NewsPage, id: string, command: ArticleCommand, notice: NewsMessage): Promise<Redirect | NotFound> {
  const result = await commandArticle(c, id, command)
  if (result === undefined) return c.notFound()
  return result.ok ? c.redirect(articlePath(id), notice) : c.redirect(refusedPath(id, result.reason))
}

/** The buttons of an article's page. */
export function registerArticleActions(k: NewsRegistrar): void {
  k.action({ path: '/gestion/articles/:id/publier', audience: 'agent', permission: 'article.publish' },
    (c, { params }) => run(c, params['id'] ?? '', { kind: 'publish' }, 'notice.published'))
  k.action({ path: '/gestion/articles/:id/retirer', audience: 'agent', permission: 'article.publish' },
    (c, { params }) => run(c, params['id'] ?? '', { kind: 'withdraw' }, 'notice.withdrawn'))
  k.action({ path: '/gestion/articles/:id/archiver', audience: 'agent', permission: 'article.publish' },
    (c, { params }) => run(c, params['id'] ?? '', { kind: 'archive' }, 'notice.archived'))
  k.action({ path: '/gestion/articles/:id/restaurer', audience: 'agent', permission: 'article.publish' },
    (c, { params }) => run(c, params['id'] ?? '', { kind: 'restore' }, 'notice.restored'))

  k.action({ path: '/gestion/articles/:id/programmer', audience: 'agent', permission: 'article.publish' }, async (c, { params }) => {
    const id = params['id'] ?? ''
    const article = await articleById(c.db, id)
    if (article === undefined) return c.notFound()
    if (article.publish_at === null) return c.redirect(refusedPath(id, 'schedule-needs-date'))
    return run(c, id, { kind: 'schedule', at: new Date(article.publish_at) }, 'notice.scheduled')
  })

  k.action({ path: '/gestion/articles/:id/supprimer', audience: 'agent', permission: 'article.write' }, async (c, { params }) => {
    const id = params['id'] ?? ''
    const outcome = await deleteArticle(c, id)
    switch (outcome) {
      case 'unknown': return c.notFound()
      case 'publish-right': return c.redirect(refusedPath(id, 'publish-right'))
      case 'deleted': return c.redirect('/gestion', 'notice.deleted')
      default: return outcome satisfies never
    }
  })

  k.action({ path: '/gestion/articles/:id/pieces/:attachment/supprimer', audience: 'agent', permission: 'article.write' }, async (c, { params }) => {
    const id = params['id'] ?? ''
    const outcome = await removeAttachment(c, id, params['attachment'] ?? '')
    switch (outcome) {
      case undefined: return c.notFound()
      case 'publish-right': return c.redirect(refusedPath(id, 'publish-right'))
      case 'removed': return c.redirect(articlePath(id), 'notice.attachment-deleted')
      default: return outcome satisfies never
    }
  })
}
