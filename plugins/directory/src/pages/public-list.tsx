import { Choice, Type } from '@liberacces/sdk'
import { Badge, ButtonLink, Card, CardList, EmptyState, Page, Pagination, SearchForm, Tabs } from '@liberacces/sdk/ui'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { ENTRY_KINDS, searchEntries } from '../store/entries.ts'

const PAGE_SIZE = 20
const KINDS = ['all', ...ENTRY_KINDS] as const
const Query = Type.Object({
  q: Type.String({ maxLength: 200, default: '' }),
  kind: Choice(KINDS, { default: 'all' }),
  page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }),
})

/** The public directory: search, kinds, pages. */
export function registerPublicList(k: DirectoryRegistrar): void {
  k.page({ path: '/', audience: 'public', title: 'page.directory', menu: 30, query: Query }, async (c, { query }) => {
    const { q, kind, page } = query
    const found = await searchEntries(c, { text: q, kind: kind === 'all' ? undefined : kind, page, pageSize: PAGE_SIZE })
    if (page > found.pageCount) return c.notFound()
    const address = (values: Partial<typeof query>): string => {
      const { q: text, kind: only, page: number } = { ...query, ...values }
      return c.url('/', { q: text === '' ? undefined : text, kind: only === 'all' ? undefined : only, page: number === 1 ? undefined : number })
    }
    return (
      <Page title={c.t('page.directory')} intro={c.settings.contactText ?? c.t('directory.intro', { body: c.tenant.kind })}
        actions={<ButtonLink href={c.url('/elus')}>{c.t('elected.title', { body: c.tenant.kind })}</ButtonLink>}>
        <SearchForm action={c.url('/')} label={c.t('directory.search')} value={q}>
          {kind !== 'all' && <input type="hidden" name="kind" value={kind} />}
        </SearchForm>
        <Tabs label={c.t('directory.kind')}
          items={KINDS.map((value) => ({ label: c.t(`kinds.${value}`, { body: c.tenant.kind }), href: address({ kind: value, page: 1 }), current: value === kind }))} />
        {found.total === 0
          ? <EmptyState title={c.t('directory.none')}>{c.t('directory.none.hint')}</EmptyState>
          : (
            <>
              <p>{c.t('directory.found', { count: found.total })}</p>
              <CardList>
                {found.entries.map((entry) => (
                  <Card key={entry.id} level={2} title={entry.name} href={entry.url} meta={<Badge>{c.t(`kind.${entry.kind}`, { body: c.tenant.kind })}</Badge>}>
                    {entry.summary === '' ? undefined : <p>{shorten(entry.summary)}</p>}
                  </Card>
                ))}
              </CardList>
              <Pagination page={page} pageCount={found.pageCount} href={(number) => address({ page: number })} />
            </>
            )}
      </Page>
    )
  })
}

/** At most 160 characters, cut between words. */
function shorten(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 159).replace(/\s+\S*$/, '')}…`
}
