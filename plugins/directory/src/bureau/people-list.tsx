import { Choice, searchWords, Type } from '@liberacces/sdk'
import { Badge, ButtonLink, DataTable, Page, SearchForm, Select } from '@liberacces/sdk/ui'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { displayName, roleOn } from '../person.ts'
import { onlyFormer, peopleMatching } from '../store/people-search.ts'
import { today, withMandates } from '../store/people.ts'
import { allServices } from '../store/services.ts'
import { EmailLink } from '../pages/contact-links.tsx'
import { SectionTabs } from './shell.tsx'

const PAGE_SIZE = 25
const KINDS = ['all', 'elected', 'agent', 'former'] as const
const Query = Type.Object({
  nom: Type.String({ maxLength: 200, default: '' }),
  kind: Choice(KINDS, { default: 'all' }),
  service: Type.String({ maxLength: 200, default: '' }),
  sort: Choice(['name', 'kind', 'service'], { default: 'name' }),
  direction: Choice(['asc', 'desc'], { default: 'asc' }),
  page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }),
})
const SORT_COLUMNS = { name: 'person.sort_key', kind: 'person.kind', service: 'service.sort_key' } as const

/** The Bureau's list of élus and agents: filters, order, pages. */
export function registerPeopleList(k: DirectoryRegistrar): void {
  k.page({ path: '/gestion', audience: 'agent', permission: 'entry.read', title: 'page.manage', menu: 30, query: Query }, async (c, { query }) => {
    const words = searchWords(query.nom)
    const day = today(c)
    const byKind = ((all) => {
      if (query.kind === 'all') return all
      return query.kind === 'former' ? onlyFormer(all, day) : all.where('person.kind', '=', query.kind)
    })(peopleMatching(c.db, words))
    const wanted = query.service === '' ? byKind : byKind.where('person.service_id', '=', query.service)
    const { total } = await wanted.clearSelect().select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow()
    const pageCount = Math.max(1, Math.ceil(Number(total) / PAGE_SIZE))
    const page = Math.min(query.page, pageCount)
    const rows = await wanted
      .orderBy(SORT_COLUMNS[query.sort], query.direction)
      .orderBy('person.sort_key')
      .orderBy('person.id')
      .limit(PAGE_SIZE)
      .offset((page - 1) * PAGE_SIZE)
      .execute()
    const people = await withMandates(c.db, rows)
    const services = await allServices(c.db)
    const address = (values: Partial<typeof query>) => c.url('/gestion', { ...query, page, ...values })
    return (
      <Page title={c.t('page.manage')} intro={c.t('manage.count', { count: Number(total) })}
        actions={c.actor.can('entry.write') && (
          <>
            <ButtonLink kind="primary" href={c.url('/gestion/personnes/ajouter')}>{c.t('page.person.add')}</ButtonLink>
            <ButtonLink href={c.url('/gestion/importer')}>{c.t('page.import')}</ButtonLink>
          </>
        )}>
        <SectionTabs c={c} current="people" />
        <SearchForm action={c.url('/gestion')} name="nom" label={c.t('manage.search')} value={query.nom}>
          <Select name="kind" label={c.t('field.kind')} value={query.kind} options={KINDS.map((value) => ({ value, label: c.t(`people.${value}`) }))} />
          <Select name="service" label={c.t('person.service')} value={query.service}
            options={[{ value: '', label: c.t('manage.anyService') }, ...services.map(({ id, name }) => ({ value: id, label: name }))]} />
        </SearchForm>
        <DataTable
          caption={c.t('manage.people')}
          rows={people}
          rowKey={({ id }) => id}
          empty={c.t('manage.none')}
          sort={{ key: query.sort, direction: query.direction }}
          sortHref={(key, direction) => c.url('/gestion', { ...query, sort: key, direction, page: 1 })}
          pagination={{ page, pageCount, href: (number) => address({ page: number }) }}
          exports={c.actor.can('entry.export') ? [{ label: c.t('manage.export'), href: c.url('/gestion/export/personnes.csv') }] : []}
          columns={[
            { key: 'name', header: c.t('column.name'), sortable: true, cell: ({ id, person }) => <a href={c.url(`/gestion/personnes/${id}`)}>{displayName(person)}</a> },
            { key: 'kind', header: c.t('field.kind'), sortable: true, cell: ({ person }) => <Badge>{c.t(`kind.${person.kind}`, { body: c.tenant.kind })}</Badge> },
            { key: 'role', header: c.t('column.role'), cell: ({ person, mandates }) => roleOn(person, mandates, day) },
            { key: 'service', header: c.t('person.service'), sortable: true, cell: ({ serviceName }) => serviceName ?? '' },
            { key: 'internalPhone', header: c.t('field.internalPhone'), cell: ({ person }) => person.internalPhone ?? '' },
            { key: 'email', header: c.t('field.email'), cell: ({ person }) => (person.email === undefined ? '' : <EmailLink email={person.email} />) },
          ]}
        />
      </Page>
    )
  })
}
