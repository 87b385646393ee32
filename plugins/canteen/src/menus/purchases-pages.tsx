import { Choice, Type, Upload } from '@liberacces/sdk'
import { Badge, ButtonLink, DataTable, DescriptionList, Notice, Page } from '@liberacces/sdk/ui'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import { centsFrom, QUALITIES, sharesOf, type Shares } from './egalim.ts'
import { readPurchases } from './purchases-csv.ts'

const access = { audience: 'agent', permission: 'menu.write' } as const
const SHOWN = 200
const NAMED_FAULTS = 20

/** What was bought, and the shares of the law EGalim by calendar year. */
export function registerPurchases(k: CanteenRegistrar): void {
  k.page({ ...access, path: '/menus/achats', title: 'menus.purchases', query: Type.Object({ annee: Type.Optional(Type.Integer({ minimum: 2000, maximum: 2100 })) }) }, async (c, { query }) => {
    const year = query.annee ?? Number(c.today().slice(0, 4))
    const purchases = await c.db.selectFrom('purchase').selectAll().where('day', '>=', `${year}-01-01`).where('day', '<=', `${year}-12-31`).orderBy('day', 'desc').orderBy('id').execute()
    const shares = sharesOf(year, purchases)
    return (
      <Page title={c.t('menus.purchases')} intro={c.t('menus.purchases.intro', { year: String(year) })} breadcrumb={[{ label: c.t('menus.week'), href: c.url('/menus/semaine') }]}
        actions={<><ButtonLink kind="primary" href={c.url('/menus/achats/ajouter')}>{c.t('menus.purchase.add')}</ButtonLink><ButtonLink href={c.url('/menus/achats/importer')}>{c.t('menus.purchase.import')}</ButtonLink></>}>
        <p><a href={c.url('/menus/achats', { annee: year - 1 })}>{year - 1}</a> · <strong>{year}</strong> · <a href={c.url('/menus/achats', { annee: year + 1 })}>{year + 1}</a></p>
        {shares === undefined ? <Notice kind="info"><p>{c.t('menus.shares.unknown', { year: String(year) })}</p></Notice> : <Figures c={c} year={year} shares={shares} />}
        <DataTable caption={c.t('menus.purchases.of', { year: String(year) })} rows={purchases.slice(0, SHOWN)} rowKey={({ id }) => id} empty={c.t('menus.purchases.none')} columns={[
          { key: 'label', header: c.t('field.purchaseLabel') }, { key: 'day', header: c.t('field.day'), cell: ({ day }) => c.format.date(day) }, { key: 'supplier', header: c.t('field.supplier') },
          { key: 'cents', header: c.t('field.amount'), numeric: true, cell: ({ cents }) => c.format.money(cents) }, { key: 'quality', header: c.t('field.quality'), cell: ({ quality }) => <Badge>{c.t(`field.quality.${quality}`)}</Badge> },
        ]} />
        {purchases.length > SHOWN && <p>{c.t('menus.purchases.more', { count: purchases.length - SHOWN })}</p>}
      </Page>
    )
  })

  k.form({
    ...access, path: '/menus/achats/ajouter', title: 'menus.purchase.add',
    schema: Type.Object({ day: Type.String({ format: 'date' }), purchaseLabel: Type.String({ minLength: 1, maxLength: 200 }), supplier: Type.Optional(Type.String({ maxLength: 200 })), amount: Type.String({ maxLength: 20 }), quality: Choice(QUALITIES) }),
  }, async (c, { day, purchaseLabel, supplier = '', amount, quality }) => {
    const cents = centsFrom(amount)
    if (cents === undefined) return c.invalid({ amount: c.t('menus.purchase.amount') })
    await c.db.insertInto('purchase').values({ id: c.id(), day, supplier, label: purchaseLabel, cents, quality }).execute()
    return c.redirect(c.url('/menus/achats', { annee: Number(day.slice(0, 4)) }), 'menus.purchase.saved')
  })

  k.form({ ...access, path: '/menus/achats/importer', title: 'menus.purchase.import', intro: 'menus.purchase.import.intro', schema: Type.Object({ file: Upload({ accept: ['text/csv', 'text/plain'], maxBytes: 2_097_152 }) }) }, async (c, { file }) => {
    const stored = await c.files.get(file.id)
    if (stored === undefined) return c.invalid({ file: c.t('menus.fault.file') })
    const read = readPurchases(await stored.bytes())
    await c.files.delete(file.id)
    if ('faults' in read) {
      const named = read.faults.slice(0, NAMED_FAULTS).map(({ line, what }) => c.t('menus.fault.line', { line: String(line), what: c.t(`menus.fault.${what}`) }))
      return c.invalid({ file: [...named, ...(read.faults.length > NAMED_FAULTS ? [c.t('menus.fault.more', { count: read.faults.length - NAMED_FAULTS })] : [])].join(' ') })
    }
    await c.transaction(async (tx) => {
      for (let from = 0; from < read.purchases.length; from += 200) await tx.insertInto('purchase').values(read.purchases.slice(from, from + 200).map((one) => ({ id: c.id(), ...one }))).execute()
    })
    await c.audit('purchases.imported', 'purchase', { count: read.purchases.length })
    return c.redirect('/menus/achats', 'menus.purchase.imported')
  })
}

function Figures({ c, year, shares }: { readonly c: CanteenContext; readonly year: number; readonly shares: Shares }) {
  const percent = (share: number): string => `${c.format.number(Math.floor(share / 10) / 10)}\u00a0%`
  const { least } = shares
  return (
    <>
      {least !== undefined && (shares.reached
        ? <Notice kind="success"><p>{c.t('menus.shares.reached', { year: String(year) })}</p></Notice>
        : <Notice kind="warning"><p>{c.t('menus.shares.missed', { year: String(year), durable: percent(least.durable), organic: percent(least.organic) })}</p></Notice>)}
      <DescriptionList items={[
        { term: c.t('menus.shares.total'), description: c.format.money(shares.total) },
        { term: c.t('menus.shares.durable'), description: `${percent(shares.durableShare)} (${c.format.money(shares.durable)})` },
        { term: c.t('menus.shares.organic'), description: `${percent(shares.organicShare)} (${c.format.money(shares.organic)})` },
      ]} />
    </>
  )
}
