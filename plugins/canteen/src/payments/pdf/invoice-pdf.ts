import type { CanteenContext } from '../../canteen-types.ts'
import type { InvoicePage } from '../../billing/store/invoices.ts'
import { lineInWords } from '../../billing/line-in-words.ts'
import { TaggedDocument } from './tagged-document.ts'

type Reader = Pick<CanteenContext, 't' | 'format' | 'now' | 'tenant'>

/** An invoice or credit note as a tagged PDF. */
export function invoicePdf(c: Reader, { invoice, regie, number, reference, lines, due }: InvoicePage): Uint8Array<ArrayBuffer> {
  const title = c.t(`billing.pdf.title.${invoice.kind}`, { number: number ?? '' })
  const pdf = new TaggedDocument({ title, author: c.tenant.name, language: 'fr-FR', createdAt: c.now() }, `${c.tenant.name} – ${regie.name} – ${number ?? ''}`)
  pdf.paragraph(`${c.tenant.name}\n${regie.name}`, { bold: true })
  pdf.paragraph([invoice.payer_name, invoice.payer_address, `${invoice.payer_postcode} ${invoice.payer_town}`.trim()].filter((line) => line !== '').join('\n'), { right: true })
  pdf.heading(1, title)
  pdf.paragraph(c.t('billing.pdf.dates', { issued: c.format.date(invoice.issued_on ?? ''), due: c.format.date(invoice.due_on), kind: invoice.kind }))
  pdf.table(
    [{ header: c.t('billing.column.day'), width: 0.16 }, { header: c.t('billing.column.what'), width: 0.3 }, { header: c.t('billing.column.why'), width: 0.39 }, { header: c.t('billing.column.amount'), width: 0.15, numeric: true }],
    [
      ...lines.map((line) => [c.format.date(line.day), line.child_name === '' ? line.unit_name : `${line.child_name}, ${line.unit_name}`, lineInWords(c, line), c.format.money(line.cents)]),
      [`\u0000${c.t('billing.total')}`, '', '', c.format.money(invoice.cents)],
    ],
  )
  if (invoice.kind === 'invoice') {
    pdf.paragraph(c.t('billing.pdf.due', { due: c.format.money(due), day: c.format.date(invoice.due_on) }), { bold: true })
    if (reference !== undefined) pdf.paragraph(c.t('billing.pdf.reference', { reference }))
  }
  pdf.paragraph(c.t('billing.pdf.appeal'))
  return pdf.bytes()
}
