import { Choice, Type } from '@liberacces/sdk'
import { ActionButton, Badge, ButtonLink, DataTable, DescriptionList, Page, Section } from '@liberacces/sdk/ui'
import type { CanteenRegistrar } from '../../canteen-types.ts'
import { readEuros } from '../../payments/euros.ts'
import { pdfOf } from '../../payments/pdf/stored-pdf.ts'
import { creditInvoice } from '../store/credit-notes.ts'
import { findInvoice } from '../store/invoices.ts'
import { accountOf, enterPayment, refund, reversePayment } from '../store/ledger.ts'
import { PAYMENT_METHODS } from '../tables.ts'
import { mandateLink } from './collecting-pages.tsx'
import { invoiceLines } from './invoice-lines.tsx'

const HOME = '/gestion/facturation'
const PaymentForm = Type.Object({ paidAmount: Type.String({ minLength: 1, maxLength: 20 }), method: Choice(PAYMENT_METHODS), receivedOn: Type.String({ format: 'date' }), note: Type.Optional(Type.String({ maxLength: 200 })) })
const CreditForm = Type.Object({ paidAmount: Type.Optional(Type.String({ maxLength: 20 })), creditReason: Type.String({ minLength: 1, maxLength: 200 }) })

/** One invoice for the régisseur: why it is what it is, what was paid, what is to be done. */
export function registerInvoicePages(k: CanteenRegistrar): void {
  k.page({ path: `${HOME}/factures/:id`, audience: 'agent', permission: 'billing.read', title: 'billing.invoice' }, async (c, { params }) => {
    const page = await findInvoice(c.db, params['id'] ?? '')
    if (page === undefined) return c.notFound()
    const { invoice, number, due, reference } = page
    const here = `${HOME}/factures/${invoice.id}`
    const settled = await c.db.selectFrom('settlement').leftJoin('payment', 'payment.id', 'source_id').select(['settlement.id', 'source_id', 'settlement.cents', 'settled_on', 'method', 'payment.id as payment_id']).where('target_id', '=', invoice.id).orderBy('settlement.id').execute()
    const { available } = await accountOf(c.db, invoice.regie_id, invoice.guardian_id)
    const spare = available.reduce((sum, { cents }) => sum + cents, 0)
    const manages = c.actor.can('billing.manage') && number !== undefined
    return c.page(number ?? c.t('billing.invoice'), (
      <Page title={number ?? c.t('billing.state.draft')} breadcrumb={[{ label: c.t('billing.title'), href: c.url(HOME) }, ...(invoice.campaign_id === null ? [] : [{ label: c.t('billing.campaign'), href: c.url(`${HOME}/campagnes/${invoice.campaign_id}`) }])]}
        actions={number !== undefined && <>
          <ButtonLink href={c.url(`${here}/facture.pdf`)}>{c.t('billing.pdf')}</ButtonLink>
          {manages && invoice.kind === 'invoice' && <ButtonLink kind="primary" href={c.url(`${here}/paiement`)}>{c.t('billing.pay')}</ButtonLink>}
          {manages && invoice.kind === 'invoice' && <ButtonLink href={c.url(`${here}/avoir`)}>{c.t('billing.credit')}</ButtonLink>}
          {manages && invoice.kind === 'invoice' && mandateLink(c, invoice.id)}
          {manages && spare > 0 && <ButtonLink href={c.url(`${here}/remboursement`)}>{c.t('billing.refund')}</ButtonLink>}
        </>}>
        <DescriptionList items={[
          { term: c.t('billing.payer'), description: [invoice.payer_name, invoice.payer_address, `${invoice.payer_postcode} ${invoice.payer_town}`].filter((line) => line.trim() !== '').join(', ') },
          { term: c.t('billing.total'), description: c.format.money(invoice.cents) },
          ...(number === undefined ? [] : [{ term: c.t('billing.due'), description: due === 0 ? <Badge kind="success">{c.t('billing.settled')}</Badge> : c.format.money(due) }, { term: c.t('field.dueDay'), description: c.format.date(invoice.due_on) }, { term: c.t('billing.reference'), description: reference ?? '' }]),
          ...(spare > 0 ? [{ term: c.t('billing.spare'), description: c.format.money(spare) }] : []),
          ...(invoice.reason === null ? [] : [{ term: c.t('field.creditReason'), description: invoice.reason }]),
        ]} />
        <Section title={c.t('billing.lines')}>
          {invoiceLines(c, page)}
        </Section>
        {settled.length > 0 && (
          <Section title={c.t('billing.settlements')}>
            <DataTable caption={c.t('billing.settlements')} rows={settled} rowKey={({ id }) => id} columns={[
              { key: 'day', header: c.t('billing.column.day'), cell: ({ settled_on: day }) => c.format.date(day) },
              { key: 'method', header: c.t('field.method'), cell: ({ method }) => (method === null ? c.t('billing.credit') : c.t(`field.method.${method}`)) },
              { key: 'cents', header: c.t('billing.column.amount'), numeric: true, cell: ({ cents }) => c.format.money(cents) },
              { key: 'actions', header: c.t('billing.actions'), cell: ({ payment_id: payment }) => (payment === null || !manages ? '' : <ActionButton action={c.url(`${HOME}/paiements/${payment}/annuler`)} label={c.t('billing.reverse')} confirm={c.t('billing.reverse.confirm')} />) },
            ]} />
          </Section>
        )}
      </Page>
    ))
  })

  k.route({ method: 'GET', path: `${HOME}/factures/:id/facture.pdf`, audience: 'agent', permission: 'billing.read', summary: 'An invoice as PDF', response: { 200: Type.String({ contentMediaType: 'application/pdf' }) } }, async (c, { params }) => {
    const page = await findInvoice(c.db, params['id'] ?? '')
    return page?.number === undefined ? c.notFound() : c.file(await pdfOf(c, page), { disposition: 'inline', name: `${page.number}.pdf` })
  })

  const manage = { audience: 'agent', permission: 'billing.manage' } as const
  for (const kind of ['paiement', 'remboursement'] as const) {
    k.form({ ...manage, path: `${HOME}/factures/:id/${kind}`, title: kind === 'paiement' ? 'billing.pay' : 'billing.refund', schema: PaymentForm }, async (c, data, { params }) => {
      const page = await findInvoice(c.db, params['id'] ?? '')
      if (page?.number === undefined) return c.notFound()
      const cents = readEuros(data.paidAmount)
      if (cents === undefined || cents === 0) return c.invalid({ paidAmount: c.t('billing.problem.amount') })
      if (data.receivedOn > c.today()) return c.invalid({ receivedOn: c.t('billing.problem.future') })
      const { id, regie_id: regieId, guardian_id: guardianId, household_id: householdId } = page.invoice
      const payment = { regieId, guardianId, householdId, cents, method: data.method, receivedOn: data.receivedOn, note: data.note ?? '', invoiceId: id }
      const made = await c.transaction((tx) => (kind === 'paiement' ? enterPayment(c, tx, payment) : refund(c, tx, payment)))
      if (made === undefined) return c.invalid({ paidAmount: c.t('billing.problem.spare') })
      await c.audit(kind === 'paiement' ? 'payment.entered' : 'payment.refunded', made, { invoice: id, cents })
      return c.redirect(`${HOME}/factures/${id}`, 'billing.notice.saved')
    }, async (c, { params }) => {
      const page = await findInvoice(c.db, params['id'] ?? '')
      return page?.number === undefined ? undefined : { receivedOn: c.today(), ...(kind === 'paiement' && page.due > 0 ? { paidAmount: (page.due / 100).toFixed(2).replace('.', ',') } : {}) }
    })
  }

  k.form({ ...manage, path: `${HOME}/factures/:id/avoir`, title: 'billing.credit', intro: 'billing.credit.intro', schema: CreditForm }, async (c, data, { params }) => {
    const typed = (data.paidAmount ?? '').trim()
    const cents = typed === '' ? undefined : readEuros(typed)
    if (typed !== '' && cents === undefined) return c.invalid({ paidAmount: c.t('billing.problem.amount') })
    const refused = await creditInvoice(c, params['id'] ?? '', cents, data.creditReason)
    if (refused === 'not-invoice') return c.notFound()
    return refused === undefined ? c.redirect(`${HOME}/factures/${params['id']}`, 'billing.notice.saved') : c.invalid({ paidAmount: c.t(`billing.credit.${refused}`) })
  }, async (c, { params }) => ((await findInvoice(c.db, params['id'] ?? '')) === undefined ? undefined : {}))

  k.action({ ...manage, path: `${HOME}/paiements/:id/annuler` }, async (c, { params }) => ((await reversePayment(c, params['id'] ?? '')) ? c.redirect(HOME, 'billing.notice.reversed') : c.invalid({ '': c.t('billing.problem.reverse') })))
}

