import { Choice, Type } from '@liberacces/sdk'
import { ButtonLink, DataTable, Page, SearchForm, Select, Time } from '@liberacces/sdk/ui'
import { countArticles, searchArticles, SORT_KEYS, type ListedArticle, type SortKey } from '../agent-articles.ts'
import { ARTICLE_STATUSES, stateAt } from '../article.ts'
import { stateOf } from '../article-record.ts'
import { authorName } from '../author.ts'
import type { NewsRegistrar } from '../news-types.ts'
import { PinnedBadge } from './pinned-badge.tsx'
import { StatusBadge } from './status-badge.tsx'

const PAGE_SIZE = 25

/** The Bureau's list of all articles. */
export function registerAgentList(k: NewsRegistrar): void {
  k.page({
    path: '/gestion', audience: 'agent', permission: 'article.read-drafts', title: 'page.manage', menu: 20,
    query: Type.Object({
      q: Type.String({ maxLength: 100, default: '' }),
      status: Choice(['all', ...ARTICLE_STATUSES], { default: 'all' }),
      sort: Choice(SORT_KEYS, { default: 'updated_at' }),
      direction: Choice(['asc', 'desc'], { default: 'desc' }),
      page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }),
    }),
  }, async (c, { query }) => {
    const now = c.now()
    const { q, status, sort, direction } = query
    const search = { text: q, status, sort, direction }
    const pageCount = Math.max(1, Math.ceil((await countArticles(c.db, search, now)) / PAGE_SIZE))
    const page = Math.min(query.page, pageCount)
    const articles = await searchArticles(c.db, search, now, { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE })
    const date = (text: string | null) => (text === null ? '—' : <Time date={text} withTime />)
    return (
      <Page
        title={c.t('page.manage')}
        actions={<>
          {c.actor.can('article.write') && <ButtonLink kind="primary" href={c.url('/gestion/nouveau')}>{c.t('action.new')}</ButtonLink>}
          <ButtonLink href={c.url('/')}>{c.t('action.site')}</ButtonLink>
        </>}
      >
        <SearchForm action={c.url('/gestion')} label={c.t('filter.search')} value={q}>
          <Select
            name="status" label={c.t('filter.status')} value={status}
            options={[{ value: 'all', label: c.t('filter.all') }, ...ARTICLE_STATUSES.map((value) => ({ value, label: c.t(`status.${value}`) }))]}
          />
        </SearchForm>
        <DataTable<ListedArticle>
          caption={c.t('table.articles')}
          rows={articles}
          rowKey={(row) => row.id}
          empty={c.t('table.empty')}
          columns={[
            { key: 'title', header: c.t('field.title'), sortable: true, cell: (row) => <a href={c.url(`/gestion/articles/${row.id}`)}>{row.title}</a> },
            { key: 'status', header: c.t('filter.status'), cell: (row) => <><StatusBadge c={c} status={stateAt(stateOf(row), now).status} /> <PinnedBadge c={c} article={row} /></> },
            { key: 'category', header: c.t('field.category'), sortable: true, cell: (row) => c.t(`field.category.${row.category}`) },
            { key: 'author_name', header: c.t('column.author'), cell: (row) => authorName(c, row) },
            { key: 'published_at', header: c.t('column.published'), sortable: true, cell: (row) => date(row.published_at) },
            { key: 'updated_at', header: c.t('column.updated'), sortable: true, cell: (row) => date(row.updated_at) },
          ]}
          sort={{ key: sort, direction }}
          sortHref={(key: string, to: 'asc' | 'desc') => c.url('/gestion', { q, status, sort: isSortKey(key) ? key : sort, direction: to })}
          pagination={{ page, pageCount, href: (to) => c.url('/gestion', { q, status, sort, direction, page: to }) }}
        />
      </Page>
    )
  })
}

function isSortKey(key: string): key is SortKey {
  return (SORT_KEYS as readonly string[]).includes(key)
}
