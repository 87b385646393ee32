import { DataTable } from '@liberacces/sdk/ui'
import type { CanteenContext } from '../../canteen-types.ts'
import { lineInWords } from '../line-in-words.ts'
import type { InvoicePage } from '../store/invoices.ts'

/** What an invoice is made of, line by line with the reason of each price: the same for the family and for the régie. */
export function invoiceLines(c: CanteenContext, { lines }: Pick<InvoicePage, 'lines'>) {
  return (
    <DataTable caption={c.t('billing.lines')} rows={lines} rowKey={({ id }) => id} columns={[
      { key: 'day', header: c.t('billing.column.day'), cell: ({ day }) => c.format.date(day) },
      { key: 'what', header: c.t('billing.column.what'), cell: (line) => (line.child_name === '' ? line.unit_name : `${line.child_name}, ${line.unit_name}`) },
      { key: 'why', header: c.t('billing.column.why'), cell: (line) => lineInWords(c, line) },
      { key: 'cents', header: c.t('billing.column.amount'), numeric: true, cell: ({ cents }) => c.format.money(cents) },
    ]} />
  )
}
