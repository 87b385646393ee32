import type { CanteenDatabase } from '../../canteen-types.ts'
import { invoiceNumber, paymentReference } from '../invoice-number.ts'
import type { BillingTables } from '../tables.ts'
import { dueOf } from './ledger.ts'
import { findRegie, type Regie } from './regies.ts'

/** An invoice with what pages and files show of it. */
export interface InvoicePage {
  readonly invoice: BillingTables['invoice']
  readonly regie: Regie
  readonly number: string | undefined
  readonly reference: string | undefined
  readonly lines: readonly BillingTables['invoice_line'][]
  /** What is left to pay, in cents. */
  readonly due: number
}

/** An invoice by id. */
export async function findInvoice(db: CanteenDatabase, id: string): Promise<InvoicePage | undefined> {
  const invoice = await db.selectFrom('invoice').selectAll().where('id', '=', id).executeTakeFirst()
  const regie = invoice === undefined ? undefined : await findRegie(db, invoice.regie_id)
  if (invoice === undefined || regie === undefined) return undefined
  const lines = await db.selectFrom('invoice_line').selectAll().where('invoice_id', '=', id).orderBy('position').execute()
  const due = invoice.kind === 'invoice' ? (await dueOf(db, [invoice])).get(id) ?? 0 : 0
  return { invoice, regie, number: invoiceNumber(regie.number, invoice), reference: paymentReference(regie.number, invoice), lines, due }
}
