import { Type } from '@liberacces/sdk'
import { GuichetService } from '@liberacces/sdk/slots'
import { Card, CardList, EmptyState, Page, Pagination, SearchForm, Time } from '@liberacces/sdk/ui'
import { countToClaim, itemsToClaim } from '../items.ts'
import { dayOf } from '../lost-item.ts'
import type { LostPropertyRegistrar } from '../lost-property-types.ts'

const PAGE_SIZE = 20
const Query = Type.Object({ q: Type.String({ maxLength: 200, default: '' }), page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }) })

/** The Guichet's list of what was found, and its entry among the services. */
export function registerPublicList(k: LostPropertyRegistrar): void {
  k.contribute(GuichetService, { title: 'page.public', category: 'vie-locale', href: '/', description: 'service.description', icon: 'search' })

  k.page({ path: '/', audience: 'public', title: 'page.public', query: Query }, async (c, { query: { q, page } }) => {
    const today = dayOf(c.now())
    const count = await countToClaim(c.db, q, today)
    const items = await itemsToClaim(c.db, q, today, { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
    return (
      <Page title={c.t('page.public')} intro={<p>{c.t('page.public.intro')}</p>}>
        <SearchForm action={c.url('/')} label={c.t('search.label')} value={q} />
        <p>{c.t('search.count', { count })}</p>
        {items.length === 0
          ? <EmptyState title={c.t('search.none')}><p>{c.t('search.none.advice')}</p></EmptyState>
          : (
            <CardList>
              {items.map((item) => (
                <Card key={item.id} level={2} title={item.label} meta={<>{c.t('item.found')} <Time date={item.found_on} /></>}>
                  <p>{item.found_place}</p>
                </Card>
              ))}
            </CardList>
          )}
        <Pagination page={page} pageCount={Math.ceil(count / PAGE_SIZE)} href={(to) => c.url('/', { q: q === '' ? undefined : q, page: to })} />
      </Page>
    )
  })
}
