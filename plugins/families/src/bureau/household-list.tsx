import { searchWords, Type } from '@liberacces/sdk'
import { Badge, ButtonLink, DataTable, Page, SearchForm } from '@liberacces/sdk/ui'
import type { FamiliesRegistrar } from '../families-types.ts'
import { householdCards } from '../store/cards.ts'
import { BureauTabs } from './shell.tsx'

const PAGE_SIZE = 25
const Query = Type.Object({ nom: Type.String({ maxLength: 200, default: '' }), page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }) })

/** The Bureau's list of households: search by the name of anyone in them, by address of mail or by phone. */
export function registerHouseholdList(k: FamiliesRegistrar): void {
  k.page({ path: '/gestion', audience: 'agent', permission: 'household.read', title: 'page.title', menu: 40, query: Query }, async (c, { query }) => {
    const wanted = searchWords(query.nom).reduce((rows, word) => rows.where('search_text', 'like', `%${word}%`), c.db.selectFrom('household'))
    const { total } = await wanted.select((is) => is.fn.countAll().as('total')).executeTakeFirstOrThrow()
    const pageCount = Math.max(1, Math.ceil(Number(total) / PAGE_SIZE))
    const page = Math.min(query.page, pageCount)
    const rows = await wanted.selectAll().orderBy('sort_key').orderBy('id').limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE).execute()
    const households = await householdCards(c.db, rows, c.today())
    return (
      <Page title={c.t('page.title')} intro={c.t('household.count', { count: Number(total) })}
        actions={c.actor.can('household.write') && (
          <>
            <ButtonLink kind="primary" href={c.url('/gestion/foyers/ajouter')}>{c.t('page.household.add')}</ButtonLink>
            {c.actor.can('household.export') && <ButtonLink href={c.url('/gestion/importer')}>{c.t('page.import')}</ButtonLink>}
          </>
        )}>
        <BureauTabs c={c} current="households" />
        <SearchForm action={c.url('/gestion')} name="nom" label={c.t('household.search')} value={query.nom} />
        <DataTable
          caption={c.t('household.list')} rows={households} rowKey={({ id }) => id} empty={c.t('household.none')}
          pagination={{ page, pageCount, href: (number) => c.url('/gestion', { ...query, page: number }) }}
          exports={c.actor.can('household.export') ? [{ label: c.t('export.children'), href: c.url('/gestion/export/enfants.csv') }, { label: c.t('export.households'), href: c.url('/gestion/export/foyers.csv') }] : []}
          columns={[
            { key: 'name', header: c.t('household.name'), cell: ({ id, name }) => <a href={c.url(`/gestion/foyers/${id}`)}>{name}</a> },
            { key: 'children', header: c.t('family.children'), cell: ({ children }) => children.map((child) => [child.firstName, child.className].filter(Boolean).join(' – ')).join(', ') },
            { key: 'guardians', header: c.t('family.guardians'), cell: ({ guardians }) => guardians.map((guardian) => `${guardian.firstName} ${guardian.lastName}`).join(', ') },
            { key: 'resident', header: c.t('household.where'), cell: ({ resident }) => <Badge>{c.t(resident ? 'household.resident' : 'household.outside')}</Badge> },
          ]}
        />
      </Page>
    )
  })
}
