import type { CanteenContext } from '../../canteen-types.ts'
import { WHOLE } from '../../tariffs/money.ts'
import { settleOpen } from './ledger.ts'

/** Why there is no credit note. Each has a message `billing.credit.<reason>`. */
export type CreditRefusal = 'not-invoice' | 'too-much'

/**
 * Takes an invoice back, whole or in part, by a numbered credit note that settles it first and other invoices then.
 * Its line names no booking: the next campaign does not bill again what an agent let go.
 * @param cents - above zero; the whole of what was not credited yet where `undefined`
 */
export async function creditInvoice(c: CanteenContext, invoiceId: string, cents: number | undefined, reason: string): Promise<CreditRefusal | undefined> {
  const id = c.id()
  const refused = await c.transaction(async (tx): Promise<CreditRefusal | undefined> => {
    const invoice = await tx.selectFrom('invoice').selectAll().where('id', '=', invoiceId).where('kind', '=', 'invoice').where('number', 'is not', null).executeTakeFirst()
    if (invoice === undefined) return 'not-invoice'
    const { next_credit: next } = await tx.updateTable('regie').set((eb) => ({ next_credit: eb('next_credit', '+', 1), version: eb('version', '+', 1) })).where('id', '=', invoice.regie_id).returning('next_credit').executeTakeFirstOrThrow()
    const earlier = await tx.selectFrom('invoice').select('cents').where('credits_invoice', '=', invoiceId).execute()
    const most = invoice.cents + earlier.reduce((sum, row) => sum + row.cents, 0)
    const amount = cents ?? most
    // Not thrown: the counter is put back, as nothing of a refused one stays.
    if (amount <= 0 || amount > most) {
      await tx.updateTable('regie').set((eb) => ({ next_credit: eb('next_credit', '-', 1), version: eb('version', '-', 1) })).where('id', '=', invoice.regie_id).execute()
      return 'too-much'
    }
    await tx.insertInto('invoice').values({ ...invoice, id, campaign_id: null, kind: 'credit', position: 0, number: next - 1, cents: -amount, issued_on: c.today(), credits_invoice: invoiceId, reason, file_id: null, created_at: c.now().toISOString() }).execute()
    await tx.insertInto('invoice_line').values({
      id: c.id(), invoice_id: id, position: 0, booking_id: null, child_id: null, child_name: '', birth_day: null, activity_id: null, unit_id: null, unit_name: reason, day: c.today(), cents: -amount,
      parts: '[]', price_cents: -amount, share: WHOLE, minutes: 0, tier: null, account: '', childcare: 0, correction: 0,
    }).execute()
    await settleOpen(c, tx, invoice.regie_id, invoice.guardian_id, invoiceId)
    return undefined
  })
  if (refused === undefined) await c.audit('credit.made', id, { invoice: invoiceId })
  return refused
}
