import { settlePayer } from '../billing/store/ledger.ts'
import type { CanteenContext, CanteenTransaction } from '../canteen-types.ts'

/** Moves a payer's documents, payments and mandates. What is left of one account settles what is due of the other; of several mandates the one that was signed last is debited. */
export async function moveGuardian(c: CanteenContext, tx: CanteenTransaction, from: string, to: string): Promise<void> {
  const invoices = await tx.selectFrom('invoice').select('regie_id').distinct().where('guardian_id', '=', from).execute()
  const payments = await tx.selectFrom('payment').select('regie_id').distinct().where('guardian_id', '=', from).execute()
  for (const table of ['invoice', 'payment', 'mandate'] as const) await tx.updateTable(table).set({ guardian_id: to }).where('guardian_id', '=', from).execute()
  for (const regieId of [...new Set([...invoices, ...payments].map((row) => row.regie_id))].toSorted()) await settlePayer(c, tx, regieId, to)
  const [, ...older] = await tx.selectFrom('mandate').select('id').where('guardian_id', '=', to).where('active', '=', 1).orderBy('signed_on', 'desc').orderBy('id', 'desc').execute()
  if (older.length > 0) await tx.updateTable('mandate').set({ active: 0 }).where('id', 'in', older.map(({ id }) => id)).execute()
}
