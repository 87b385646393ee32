import type { InvoicePage } from '../../billing/store/invoices.ts'
import type { CanteenContext } from '../../canteen-types.ts'
import { invoicePdf } from './invoice-pdf.ts'

/** The PDF of a numbered invoice, made when it is first asked for and kept as it was then. @returns the id of the file */
export async function pdfOf(c: CanteenContext, page: InvoicePage): Promise<string> {
  if (page.invoice.file_id !== null && (await c.files.get(page.invoice.file_id)) !== undefined) return page.invoice.file_id
  const file = await c.files.put(invoicePdf(c, page), { name: `${page.number ?? 'facture'}.pdf`, type: 'application/pdf' })
  await c.db.updateTable('invoice').set({ file_id: file.id }).where('id', '=', page.invoice.id).execute()
  return file.id
}
