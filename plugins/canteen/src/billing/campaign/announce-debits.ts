import type { CanteenContext } from '../../canteen-types.ts'
import { DebitsAnnouncing } from '../../contract.ts'
import { invoiceNumber } from '../invoice-number.ts'
import { findRegie } from '../store/regies.ts'

/** Debits of one step. */
const SLICE = 100

/**
 * Tells the next payers of a file for the bank by mail what will be taken from their account, when and by which mandate, and hands on to the next step by an event.
 * Who has not been shown the invoice yet is told when it is published. @returns how many were told
 */
export async function announceDebits(c: CanteenContext, collectionId: string): Promise<number> {
  if (!c.granted('mail:send')) return 0
  const collection = await c.db.selectFrom('collection').select(['regie_id', 'debit_day', 'told_after']).where('id', '=', collectionId).executeTakeFirst()
  const regie = collection === undefined ? undefined : await findRegie(c.db, collection.regie_id)
  if (collection === undefined || regie === undefined || collection.told_after === null) return 0
  const debits = await c.db.selectFrom('collection_item').innerJoin('invoice', 'invoice.id', 'collection_item.invoice_id').innerJoin('mandate', 'mandate.id', 'mandate_id')
    .select(['collection_item.id', 'collection_item.cents', 'rum', 'invoice.id as invoice_id', 'invoice.number', 'invoice.issued_on', 'payer_email', 'published'])
    .where('collection_id', '=', collectionId).where('collection_item.id', '>', collection.told_after).orderBy('collection_item.id').limit(SLICE).execute()
  const last = debits.at(-1)
  if (last === undefined) return 0
  return c.transaction(async (tx) => {
    const { numUpdatedRows } = await tx.updateTable('collection').set({ told_after: last.id }).where('id', '=', collectionId).where('told_after', '=', collection.told_after).executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return 0
    let told = 0
    for (const debit of debits) {
      if (debit.published === 0 || debit.payer_email === null || debit.payer_email === '') continue
      const values = {
        number: invoiceNumber(regie.number, { kind: 'invoice', number: debit.number, issued_on: debit.issued_on }) ?? '', due: c.format.money(debit.cents), day: c.format.date(collection.debit_day), rum: debit.rum,
        creditor: regie.identity.creditor ?? regie.name, ics: regie.identity.ics ?? '', url: c.absoluteUrl(`/factures/${debit.invoice_id}`), tenant: c.tenant.name,
      }
      await tx.mail.send({ to: debit.payer_email, subject: c.t('billing.mail.debit.subject', values), text: c.t('billing.mail.debit.text', values) })
      told += 1
    }
    if (debits.length === SLICE) await tx.emit(DebitsAnnouncing, { collectionId, after: last.id })
    return told
  })
}
