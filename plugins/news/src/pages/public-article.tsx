import { ButtonLink, LinkRow, Notice, Page } from '@liberacces/sdk/ui'
import { isVisible } from '../article.ts'
import { datesOf } from '../article-record.ts'
import { authorCard } from '../author.ts'
import type { NewsContext, NewsRegistrar } from '../news-types.ts'
import { articleBySlug, attachmentsOf, neighboursOf, type Neighbour } from '../public-articles.ts'
import { readableArticle } from '../readable-article.ts'
import { ArticleView } from './article-view.tsx'

/** The page of one article. Agents may read those to come at the same address. */
export function registerPublicArticle(k: NewsRegistrar): void {
  k.page({ path: '/articles/:slug', audience: 'public', title: 'page.article' }, async (c, { params }) => {
    const article = readableArticle(c, await articleBySlug(c.db, params['slug'] ?? ''))
    if (article === undefined) return c.notFound()
    const now = c.now()
    const [attachments, neighbours, author] = [await attachmentsOf(c.db, [article.id]), await neighboursOf(c.db, now, article), await authorCard(c, article)]
    return c.page(article.title, (
      <Page title={article.title} intro={<p>{article.summary}</p>} breadcrumb={[{ label: c.t('page.news'), href: c.url('/') }]}>
        {!isVisible(datesOf(article), now) && (
          <Notice kind="warning" title={c.t('article.hidden')}>
            <ButtonLink href={c.url(`/gestion/articles/${article.id}`)}>{c.t('action.manage')}</ButtonLink>
          </Notice>
        )}
        <ArticleView c={c} article={article} author={author} attachments={attachments} level={2} />
        <Neighbours c={c} older={neighbours.older} newer={neighbours.newer} />
      </Page>
    ))
  })
}

interface NeighboursProps {
  readonly c: NewsContext
  readonly older: Neighbour | undefined
  readonly newer: Neighbour | undefined
}

function Neighbours({ c, older, newer }: NeighboursProps) {
  return (
    <LinkRow
      label={c.t('article.others')}
      items={[
        ...(older === undefined ? [] : [{ hint: c.t('article.older'), label: older.title, href: c.url(`/articles/${older.slug}`), rel: 'prev' as const }]),
        ...(newer === undefined ? [] : [{ hint: c.t('article.newer'), label: newer.title, href: c.url(`/articles/${newer.slug}`), rel: 'next' as const }]),
        { label: c.t('article.all'), href: c.url('/') },
      ]}
    />
  )
}
