import type { CanteenContext } from '../../canteen-types.ts'
import { DebitsAnnouncing } from '../../contract.ts'
import { invoiceNumber } from '../../billing/invoice-number.ts'
import { dueOf, enterPayment } from '../../billing/store/ledger.ts'
import { findRegie } from '../../billing/store/regies.ts'
import type { BillingTables } from '../../billing/tables.ts'
import { directDebitFaults, directDebitXml, type DirectDebit, type DirectDebitFault } from './direct-debits.ts'

/** What came of it: a stored file, or what is in the way. */
export type Collected = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly faults: readonly DirectDebitFault[] }

/**
 * Makes the bank's file of what is due of a campaign by payers with a mandate, and enters the payments of that day, all in one transaction. A first debit makes its
 * mandate recurrent; a mandate for one debit is used up. What the bank refuses is taken out again by reversing its payment.
 */
export async function collectCampaign(c: CanteenContext, campaignId: string, debitDay: string): Promise<Collected> {
  const campaign = await c.db.selectFrom('campaign').select(['regie_id', 'state']).where('id', '=', campaignId).executeTakeFirst()
  const regie = campaign === undefined ? undefined : await findRegie(c.db, campaign.regie_id)
  if (campaign === undefined || regie === undefined || campaign.state === 'draft') return { ok: false, faults: ['nothing'] }
  const id = c.id()
  const { creditor = '', iban = '', bic, ics = '' } = regie.identity
  const result = await c.transaction(async (tx): Promise<{ readonly faults: readonly DirectDebitFault[] } | { readonly xml: string }> => {
    // Two files at once would debit twice: they wait for each other here.
    await tx.updateTable('regie').set((eb) => ({ version: eb('version', '+', 0) })).where('id', '=', regie.id).execute()
    const invoices = await tx.selectFrom('invoice').selectAll().where('campaign_id', '=', campaignId).where('kind', '=', 'invoice').where('number', 'is not', null).orderBy('number').execute()
    const due = await dueOf(tx, invoices)
    const mandates = await tx.selectFrom('mandate').selectAll().where('active', '=', 1).orderBy('signed_on').execute()
    const mandateOf = new Map(mandates.map((mandate) => [mandate.guardian_id, mandate]))
    const items: { readonly invoice: BillingTables['invoice']; readonly mandate: BillingTables['mandate']; readonly debit: DirectDebit }[] = []
    for (const invoice of invoices) {
      const mandate = mandateOf.get(invoice.guardian_id)
      const cents = due.get(invoice.id) ?? 0
      const number = invoiceNumber(regie.number, invoice) ?? ''
      const debtor = mandate === undefined || cents === 0 ? undefined : await c.secrets.open(mandate.iban)
      if (mandate === undefined || debtor === undefined) continue
      if (mandate.kind === 'OOFF') mandateOf.delete(invoice.guardian_id)
      const used = mandate.uses + items.filter((item) => item.mandate.id === mandate.id).length
      items.push({ invoice, mandate, debit: { endToEndId: number, cents, sequence: mandate.kind === 'OOFF' ? 'OOFF' : used === 0 ? 'FRST' : 'RCUR', rum: mandate.rum, signedOn: mandate.signed_on, holder: mandate.holder, iban: debtor, text: `Facture ${number}` } })
    }
    const file = { id: `LA${id.replaceAll('-', '').slice(0, 28)}`, createdAt: c.now().toISOString(), debitDay, creditor: { name: creditor, iban, bic, ics }, debits: items.map(({ debit }) => debit) }
    const faults = directDebitFaults(file)
    if (faults.length > 0) return { faults }
    await tx.insertInto('collection').values({ id, regie_id: regie.id, debit_day: debitDay, items: items.length, cents: items.reduce((sum, { debit }) => sum + debit.cents, 0), file_id: null, created_at: c.now().toISOString(), told_after: '' }).execute()
    await tx.emit(DebitsAnnouncing, { collectionId: id, after: '' })
    for (const { invoice, mandate, debit } of items) {
      const payment = await enterPayment(c, tx, { regieId: regie.id, guardianId: invoice.guardian_id, householdId: invoice.household_id, cents: debit.cents, method: 'direct-debit', receivedOn: debitDay, note: debit.endToEndId, invoiceId: invoice.id })
      await tx.insertInto('collection_item').values({ id: c.id(), collection_id: id, invoice_id: invoice.id, mandate_id: mandate.id, sequence: debit.sequence, cents: debit.cents, payment_id: payment }).execute()
      await tx.updateTable('mandate').set((eb) => ({ uses: eb('uses', '+', 1), ...(mandate.kind === 'OOFF' ? { active: 0 } : {}) })).where('id', '=', mandate.id).execute()
    }
    return { xml: directDebitXml(file) }
  })
  if ('faults' in result) return { ok: false, faults: result.faults }
  const stored = await c.files.put(Buffer.from(result.xml), { name: `prelevements-${debitDay}.xml`, type: 'application/xml' })
  await c.db.updateTable('collection').set({ file_id: stored.id }).where('id', '=', id).execute()
  await c.audit('collection.made', id, { debitDay })
  return { ok: true, id }
}
