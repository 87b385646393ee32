import type { CanteenDatabase } from '../../canteen-types.ts'
import { dueOf } from './ledger.ts'
import type { BillingTables } from '../tables.ts'

/**
 * What a payer has to do about an invoice. `settled`: nothing. `debited`: nothing, the bank has been told to take it on that day. `mandate`: nothing yet, it will be
 * taken by that mandate once the régie says when. `due`: to pay.
 */
export type HowToPay =
  | { readonly kind: 'settled' }
  | { readonly kind: 'debited'; readonly cents: number; readonly day: string; readonly rum: string }
  | { readonly kind: 'mandate'; readonly cents: number; readonly rum: string }
  | { readonly kind: 'due'; readonly cents: number }

type Asked = Pick<BillingTables['invoice'], 'id' | 'cents' | 'guardian_id'>

/** How each of some numbered invoices (no credit notes) is paid, by id. A debit whose day is past is settled; one that the bank refused is due again. */
export async function howToPay(db: CanteenDatabase, invoices: readonly Asked[], today: string): Promise<ReadonlyMap<string, HowToPay>> {
  if (invoices.length === 0) return new Map()
  const [ids, guardians] = [invoices.map(({ id }) => id), [...new Set(invoices.map(({ guardian_id: id }) => id))]]
  const [due, debits, mandates] = await Promise.all([
    dueOf(db, invoices),
    db.selectFrom('collection_item').innerJoin('collection', 'collection.id', 'collection_id').innerJoin('mandate', 'mandate.id', 'mandate_id').innerJoin('payment', 'payment.id', 'payment_id')
      .select(['collection_item.invoice_id', 'collection_item.cents', 'debit_day', 'rum']).where('collection_item.invoice_id', 'in', ids).where('reversed_at', 'is', null).where('debit_day', '>=', today).execute(),
    db.selectFrom('mandate').select(['guardian_id', 'rum']).where('guardian_id', 'in', guardians).where('active', '=', 1).orderBy('signed_on').execute(),
  ])
  const [debitOf, mandateOf] = [new Map(debits.map((debit) => [debit.invoice_id, debit])), new Map(mandates.map((mandate) => [mandate.guardian_id, mandate]))]
  return new Map(invoices.map(({ id, guardian_id: guardian }): [string, HowToPay] => {
    const [cents, debit, mandate] = [due.get(id) ?? 0, debitOf.get(id), mandateOf.get(guardian)]
    if (cents > 0) return [id, mandate === undefined ? { kind: 'due', cents } : { kind: 'mandate', cents, rum: mandate.rum }]
    return [id, debit === undefined ? { kind: 'settled' } : { kind: 'debited', cents: debit.cents, day: debit.debit_day, rum: debit.rum }]
  }))
}
