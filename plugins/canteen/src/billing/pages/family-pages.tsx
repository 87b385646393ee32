import { Type } from '@liberacces/sdk'
import { GuichetService } from '@liberacces/sdk/slots'
import { Badge, ButtonLink, DataTable, DescriptionList, EmptyState, Notice, Page, Section } from '@liberacces/sdk/ui'
import type { CanteenContext, CanteenRegistrar } from '../../canteen-types.ts'
import { certificatePdf, childcarePaid } from '../../payments/pdf/certificate-pdf.ts'
import { pdfOf } from '../../payments/pdf/stored-pdf.ts'
import { howInWords } from '../how-in-words.ts'
import { invoiceNumber } from '../invoice-number.ts'
import { howToPay } from '../store/how-to-pay.ts'
import { findInvoice, type InvoicePage } from '../store/invoices.ts'
import { dueOf } from '../store/ledger.ts'
import { allRegies } from '../store/regies.ts'
import { invoiceLines } from './invoice-lines.tsx'

/** A family's invoices, what is due, why, and the tax certificate. */
export function registerFamilyPages(k: CanteenRegistrar): void {
  const own = { audience: 'citizen', permission: 'booking.own' } as const
  k.contribute(GuichetService, { title: 'billing.own', category: 'enfance', href: '/factures', description: 'billing.own.description', icon: 'document' })

  k.page({ ...own, path: '/factures', title: 'billing.own' }, async (c) => {
    const regies = new Map((await allRegies(c.db)).map(({ id, number }) => [id, number]))
    const invoices = await c.db.selectFrom('invoice').selectAll().where('account_id', '=', c.actor.id).where('published', '=', 1).orderBy('issued_on', 'desc').orderBy('number', 'desc').limit(200).execute()
    const due = await dueOf(c.db, invoices)
    const open = [...due.values()].reduce((sum, cents) => sum + cents, 0)
    const years = [...new Set(invoices.map(({ issued_on: day }) => day?.slice(0, 4) ?? ''))].filter((year) => year !== '')
    return (
      <Page title={c.t('billing.own')}>
        {invoices.length === 0
          ? <EmptyState title={c.t('billing.own.none')}><p>{c.t('billing.own.none.detail')}</p></EmptyState>
          : <>
              <Notice kind={open > 0 ? 'info' : 'success'} title={open > 0 ? c.t('billing.own.due', { due: c.format.money(open) }) : c.t('billing.own.settled')} />
              <DataTable caption={c.t('billing.own')} rows={invoices} rowKey={({ id }) => id} columns={[
                { key: 'number', header: c.t('billing.number'), cell: (row) => <a href={c.url(`/factures/${row.id}`)}>{invoiceNumber(regies.get(row.regie_id) ?? 0, row) ?? ''}</a> },
                { key: 'issued', header: c.t('billing.issued'), cell: ({ issued_on: day }) => c.format.date(day ?? '') },
                { key: 'cents', header: c.t('billing.total'), numeric: true, cell: ({ cents }) => c.format.money(cents) },
                { key: 'due', header: c.t('billing.due'), cell: (row) => (row.kind === 'credit' ? c.t('billing.credit') : (due.get(row.id) ?? 0) === 0 ? <Badge kind="success">{c.t('billing.settled')}</Badge> : c.t('billing.due-by', { due: c.format.money(due.get(row.id) ?? 0), day: c.format.date(row.due_on) })) },
              ]} />
              <Section title={c.t('billing.certificate')}>
                <p>{c.t('billing.certificate.intro')}</p>
                <ul>{years.map((year) => <li key={year}><a href={c.url(`/attestations/${year}.pdf`)}>{c.t('billing.certificate.year', { year })}</a></li>)}</ul>
              </Section>
            </>}
      </Page>
    )
  })

  k.page({ ...own, path: '/factures/:id', title: 'billing.invoice' }, async (c, { params }) => {
    const page = await ownInvoice(c, params['id'] ?? '')
    if (page === undefined) return c.notFound()
    const { invoice, number, due, reference, regie } = page
    const how = invoice.kind === 'credit' ? undefined : (await howToPay(c.db, [invoice], c.today())).get(invoice.id)
    const isTaken = how?.kind === 'debited' || how?.kind === 'mandate'
    return c.page(number ?? '', (
      <Page title={c.t(`billing.pdf.title.${invoice.kind}`, { number: number ?? '' })} breadcrumb={[{ label: c.t('billing.own'), href: c.url('/factures') }]} actions={<ButtonLink kind="primary" href={c.url(`/factures/${invoice.id}/facture.pdf`)}>{c.t('billing.pdf')}</ButtonLink>}>
        <DescriptionList items={[
          { term: c.t('billing.total'), description: c.format.money(invoice.cents) },
          ...(invoice.kind === 'credit' ? [] : [{ term: c.t('billing.due'), description: isTaken ? howInWords(c, how, invoice, regie) : due === 0 ? <Badge kind="success">{c.t('billing.settled')}</Badge> : c.t('billing.due-by', { due: c.format.money(due), day: c.format.date(invoice.due_on) }) }]),
          ...(due > 0 && !isTaken && reference !== undefined ? [{ term: c.t('billing.reference'), description: <>{reference}{(regie.identity.payfip ?? '') !== '' && <p>{c.t('billing.payfip', { number: regie.identity.payfip ?? '' })} <a href="https://www.payfip.gouv.fr/">{c.t('billing.payfip.link')}</a></p>}</> }] : []),
        ]} />
        {invoiceLines(c, page)}
      </Page>
    ))
  })

  k.route({ ...own, method: 'GET', path: '/factures/:id/facture.pdf', summary: 'One of one’s own invoices as PDF', response: { 200: Type.String({ contentMediaType: 'application/pdf' }) } }, async (c, { params }) => {
    const page = await ownInvoice(c, params['id'] ?? '')
    return page === undefined ? c.notFound() : c.file(await pdfOf(c, page), { disposition: 'inline', name: `${page.number ?? 'facture'}.pdf` })
  })

  k.route({ ...own, method: 'GET', path: '/attestations/:year', summary: 'Tax certificate of a year as PDF', response: { 200: Type.String({ contentMediaType: 'application/pdf' }) } }, async (c, { params }) => {
    const [, year] = /^(20\d\d)\.pdf$/.exec(params['year'] ?? '') ?? []
    if (year === undefined) return c.notFound()
    const file = await c.files.put(certificatePdf(c, year, await childcarePaid(c.db, c.actor.id, year)), { name: `attestation-${year}.pdf`, type: 'application/pdf' })
    return c.file(file.id, { disposition: 'inline', name: `attestation-fiscale-${year}.pdf` })
  })
}

/** A published invoice of the acting account; anybody else's is none. */
async function ownInvoice(c: CanteenContext, id: string): Promise<InvoicePage | undefined> {
  const page = await findInvoice(c.db, id)
  return page !== undefined && page.invoice.account_id === c.actor.id && page.invoice.published === 1 ? page : undefined
}
