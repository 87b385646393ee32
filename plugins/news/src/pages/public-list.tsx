import { Choice, Type } from '@liberacces/sdk'
import { EmptyState, Page, Pagination, Tabs } from '@liberacces/sdk/ui'
import { CATEGORIES } from '../article-content.ts'
import type { NewsRegistrar } from '../news-types.ts'
import { countVisible, frontArticles, visibleCategories } from '../public-articles.ts'
import { ArticleCards } from './article-cards.tsx'

const PAGE_SIZE = 10

/** The Guichet's list of news. */
export function registerPublicList(k: NewsRegistrar): void {
  k.page({
    path: '/', audience: 'public', title: 'page.news', menu: 20,
    query: Type.Object({ page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }), category: Type.Optional(Choice(CATEGORIES)) }),
  }, async (c, { query: { page, category } }) => {
    const now = c.now()
    const pageCount = Math.max(1, Math.ceil((await countVisible(c.db, now, category)) / PAGE_SIZE))
    if (page > pageCount) return c.notFound()
    const articles = await frontArticles(c.db, now, { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE, category })
    const categories = await visibleCategories(c.db, now)
    return (
      <Page title={c.t('page.news')} intro={<p>{c.t('page.news.intro')}</p>} actions={<a href={c.url('/feed.atom')}>{c.t('feed.link')}</a>}>
        {categories.length > 1 && (
          <Tabs
            label={c.t('filter.category')}
            items={[
              { label: c.t('filter.all'), href: c.url('/'), current: category === undefined },
              ...categories.map((each) => ({ label: c.t(`field.category.${each}`), href: c.url('/', { category: each }), current: category === each })),
            ]}
          />
        )}
        {articles.length === 0
          ? <EmptyState title={c.t('page.news.empty')} />
          : <ArticleCards c={c} articles={articles} level={2} />}
        {pageCount > 1 && <Pagination page={page} pageCount={pageCount} href={(to) => c.url('/', { category, page: to })} />}
      </Page>
    )
  })
}
