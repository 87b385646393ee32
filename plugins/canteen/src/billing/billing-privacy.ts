import type { PrivacyErasure, PrivacyExpired, PrivacyExpiry, PrivacyStore, PrivacySubject } from '@liberacces/sdk'
import type { CanteenContext } from '../canteen-types.ts'
import type { Tables } from '../tables.ts'

/** Years for which a régie keeps what it billed, in days. */
const TEN_YEARS = 3_653
/** Invoices of one step of an expiry. */
const STEP = 200

/** Tables of billing that hold personal data. Lines, settlements and reminders go with their invoice. */
export const billingStores = [
  { table: 'invoice', subject: 'account_id', basis: 'legal-obligation', retentionDays: TEN_YEARS, purpose: { fr: 'Facturer et encaisser', en: 'Billing and collecting' } },
  { table: 'mandate', subject: 'account_id', basis: 'contract', retentionDays: TEN_YEARS, purpose: { fr: 'Prélever ce qui est facturé', en: 'Debiting what is billed' } },
] as const satisfies readonly PrivacyStore<Tables>[]

/** A person's invoices with their lines, and mandates without the account number that is sealed. */
export async function exportBilling(c: CanteenContext, { id }: PrivacySubject): Promise<Readonly<Record<string, unknown>>> {
  const invoices = await c.db.selectFrom('invoice').selectAll().where('account_id', '=', id).where('number', 'is not', null).orderBy('id').execute()
  const lines = invoices.length === 0 ? [] : await c.db.selectFrom('invoice_line').selectAll().where('invoice_id', 'in', invoices.map((invoice) => invoice.id)).orderBy('id').execute()
  const mandates = await c.db.selectFrom('mandate').select(['id', 'rum', 'holder', 'last_four', 'signed_on', 'kind', 'active']).where('account_id', '=', id).orderBy('id').execute()
  return { invoices, invoiceLines: lines, mandates }
}

/** Lets the account go. The documents themselves stay for as long as the accounts of a régie do. */
export async function eraseBilling(c: CanteenContext, { id }: PrivacySubject): Promise<PrivacyErasure> {
  const invoices = await c.db.updateTable('invoice').set({ account_id: null }).where('account_id', '=', id).executeTakeFirstOrThrow()
  const mandates = await c.db.updateTable('mandate').set({ account_id: null, active: 0 }).where('account_id', '=', id).executeTakeFirstOrThrow()
  const erased = Number(invoices.numUpdatedRows) + Number(mandates.numUpdatedRows)
  return erased === 0 ? { erased } : {
    erased,
    kept: [{
      what: { fr: 'Factures, avoirs et mandats, au nom du payeur', en: 'Invoices, credit notes and mandates, in the payer’s name' },
      because: { fr: 'Les pièces comptables d’une régie se conservent dix ans.', en: 'Accounting documents of a régie are kept for ten years.' },
    }],
  }
}

/** Deletes what is older than ten years, with what belongs to it; `undefined` for tables of other areas. */
export async function expireBilling(c: CanteenContext, { table, before }: PrivacyExpired<Tables>): Promise<PrivacyExpiry | undefined> {
  const day = before.toISOString().slice(0, 10)
  if (table === 'mandate') {
    const { numDeletedRows } = await c.db.deleteFrom('mandate').where('active', '=', 0).where('signed_on', '<', day).executeTakeFirstOrThrow()
    return { expired: Number(numDeletedRows) }
  }
  if (table !== 'invoice') return undefined
  const old = await c.db.selectFrom('invoice').select(['id', 'file_id']).where('issued_on', '<', day).orderBy('id').limit(STEP).execute()
  if (old.length === 0) return { expired: 0 }
  const ids = old.map(({ id }) => id)
  await c.transaction(async (tx) => {
    await tx.deleteFrom('invoice_line').where('invoice_id', 'in', ids).execute()
    await tx.deleteFrom('reminder').where('invoice_id', 'in', ids).execute()
    await tx.deleteFrom('settlement').where((or) => or.or([or('target_id', 'in', ids), or('source_id', 'in', ids)])).execute()
    await tx.deleteFrom('invoice').where('id', 'in', ids).execute()
  })
  for (const { file_id: file } of old) if (file !== null) await c.files.delete(file)
  return { expired: old.length, hasMore: old.length === STEP }
}
