import { Type } from '@liberacces/sdk'
import { ButtonLink, DataTable, Page } from '@liberacces/sdk/ui'
import type { CanteenRegistrar } from '../../canteen-types.ts'

const HOME = '/gestion/facturation'
/** Files of one page. */
const PAGE = 50

/** Files of direct debits that were made, each with its debits and as the bank takes it. */
export function registerCollections(k: CanteenRegistrar): void {
  const access = { audience: 'agent', permission: 'billing.read' } as const
  k.page({ ...access, path: `${HOME}/prelevements`, title: 'billing.collections', query: Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })) }) }, async (c, { query }) => {
    const count = Number((await c.db.selectFrom('collection').select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()).count)
    const pageCount = Math.max(1, Math.ceil(count / PAGE))
    const page = Math.min(query.page ?? 1, pageCount)
    const collections = await c.db.selectFrom('collection').innerJoin('regie', 'regie.id', 'regie_id').select(['collection.id', 'debit_day', 'items', 'cents', 'regie.name as regie']).orderBy('debit_day', 'desc').orderBy('collection.id', 'desc').limit(PAGE).offset((page - 1) * PAGE).execute()
    return (
      <Page title={c.t('billing.collections')} intro={c.t('billing.collections.intro')} breadcrumb={[{ label: c.t('billing.title'), href: c.url(HOME) }]} actions={<ButtonLink href={c.url(`${HOME}/mandats`)}>{c.t('billing.mandates')}</ButtonLink>}>
        <DataTable caption={c.t('billing.collections')} rows={collections} rowKey={({ id }) => id} empty={c.t('billing.none')} columns={[
          { key: 'day', header: c.t('field.debitDay'), cell: ({ id, debit_day: day }) => <a href={c.url(`${HOME}/prelevements/${id}`)}>{c.format.date(day)}</a> },
          { key: 'regie', header: c.t('billing.regie') },
          { key: 'items', header: c.t('billing.collections.count'), numeric: true, cell: ({ items }) => c.format.number(items) },
          { key: 'cents', header: c.t('billing.total'), numeric: true, cell: ({ cents }) => c.format.money(cents) },
        ]} {...(pageCount > 1 ? { pagination: { page, pageCount, href: (to: number) => c.url(`${HOME}/prelevements`, { page: to }) } } : {})} />
      </Page>
    )
  })

  k.page({ ...access, path: `${HOME}/prelevements/:id`, title: 'billing.collection' }, async (c, { params }) => {
    const collection = await c.db.selectFrom('collection').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (collection === undefined) return c.notFound()
    const items = await c.db.selectFrom('collection_item').innerJoin('mandate', 'mandate.id', 'mandate_id').select(['collection_item.id', 'holder', 'rum', 'last_four', 'sequence', 'cents']).where('collection_id', '=', collection.id).orderBy('holder').execute()
    return (
      <Page title={c.t('billing.collection')} intro={c.t('billing.collection.intro', { day: c.format.date(collection.debit_day), total: c.format.money(collection.cents) })} breadcrumb={[{ label: c.t('billing.title'), href: c.url(HOME) }, { label: c.t('billing.collections'), href: c.url(`${HOME}/prelevements`) }]}
        actions={collection.file_id !== null && <ButtonLink kind="primary" href={c.url(`${HOME}/prelevements/${collection.id}/pain.xml`)}>{c.t('billing.collection.file')}</ButtonLink>}>
        <DataTable caption={c.t('billing.collection')} rows={items} rowKey={({ id }) => id} columns={[
          { key: 'holder', header: c.t('field.holder') }, { key: 'rum', header: c.t('field.rum') }, { key: 'last_four', header: c.t('field.iban'), cell: ({ last_four: last }) => `… ${last}` }, { key: 'sequence', header: c.t('billing.sequence') },
          { key: 'cents', header: c.t('billing.total'), numeric: true, cell: ({ cents }) => c.format.money(cents) },
        ]} />
      </Page>
    )
  })
  k.route({ audience: 'agent', permission: 'billing.manage', method: 'GET', path: `${HOME}/prelevements/:id/pain.xml`, summary: 'SEPA direct debits (pain.008.001.02)', response: { 200: Type.String({ contentMediaType: 'application/xml' }) } }, async (c, { params }) => {
    const collection = await c.db.selectFrom('collection').select('file_id').where('id', '=', params['id'] ?? '').executeTakeFirst()
    const file = collection?.file_id ?? undefined
    return file === undefined ? c.notFound() : c.file(file, { disposition: 'attachment' })
  })
}
