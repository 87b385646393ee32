import type { CanteenContext } from '../../canteen-types.ts'
import { CampaignTelling } from '../../contract.ts'
import { howInWords } from '../how-in-words.ts'
import { invoiceNumber } from '../invoice-number.ts'
import { howToPay } from '../store/how-to-pay.ts'
import { findRegie } from '../store/regies.ts'

/** Invoices of one step. */
const SLICE = 100

/**
 * Tells the next payers of a published campaign by mail that their invoice is there and what they have to do about it, and hands on to the next step by an event.
 * The place where it has come is written with the mails, so that nobody is told twice. A mail names an amount and a day, and no child.
 * @returns how many were told
 */
export async function tellSlice(c: CanteenContext, campaignId: string): Promise<number> {
  if (!c.granted('mail:send')) return 0
  const campaign = await c.db.selectFrom('campaign').select(['regie_id', 'state', 'told_after']).where('id', '=', campaignId).executeTakeFirst()
  const regie = campaign === undefined ? undefined : await findRegie(c.db, campaign.regie_id)
  if (campaign === undefined || regie === undefined || campaign.state !== 'published' || campaign.told_after === null) return 0
  const invoices = await c.db.selectFrom('invoice').select(['id', 'kind', 'number', 'issued_on', 'due_on', 'cents', 'guardian_id', 'payer_email']).where('campaign_id', '=', campaignId).where('id', '>', campaign.told_after).orderBy('id').limit(SLICE).execute()
  const last = invoices.at(-1)
  if (last === undefined) return 0
  const hows = await howToPay(c.db, invoices.filter(({ kind }) => kind === 'invoice'), c.today())
  return c.transaction(async (tx) => {
    const { numUpdatedRows } = await tx.updateTable('campaign').set({ told_after: last.id }).where('id', '=', campaignId).where('told_after', '=', campaign.told_after).executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return 0
    let told = 0
    for (const invoice of invoices) {
      if (invoice.payer_email === null || invoice.payer_email === '') continue
      const how = hows.get(invoice.id)
      const values = {
        number: invoiceNumber(regie.number, invoice) ?? '', total: c.format.money(Math.abs(invoice.cents)), tenant: c.tenant.name, url: c.absoluteUrl(`/factures/${invoice.id}`),
        how: how === undefined ? '' : howInWords(c, how, invoice, regie),
      }
      await tx.mail.send({ to: invoice.payer_email, subject: c.t(`billing.mail.${invoice.kind}.subject`, values), text: c.t(`billing.mail.${invoice.kind}.text`, values) })
      told += 1
    }
    if (invoices.length === SLICE) await tx.emit(CampaignTelling, { campaignId, after: last.id })
    return told
  })
}
