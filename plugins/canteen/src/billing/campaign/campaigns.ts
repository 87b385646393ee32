import type { CanteenContext, CanteenTransaction } from '../../canteen-types.ts'
import { CampaignDrafting, CampaignTelling } from '../../contract.ts'
import { settleOpen } from '../store/ledger.ts'

/** What a campaign is begun with. */
export interface NewCampaign { readonly regieId: string; readonly name: string; readonly firstDay: string; readonly lastDay: string; readonly dueDay: string }

/** Begins a campaign and its draft, which goes on by itself. @returns its id */
export async function beginCampaign(c: CanteenContext, { regieId, name, firstDay, lastDay, dueDay }: NewCampaign): Promise<string> {
  const id = c.id()
  await c.transaction(async (tx) => {
    const { version } = await tx.selectFrom('regie').select('version').where('id', '=', regieId).executeTakeFirstOrThrow()
    await tx.insertInto('campaign').values({
      id, regie_id: regieId, name, first_day: firstDay, last_day: lastDay, due_day: dueDay, state: 'draft', cursor: '', drafted: 0, regie_version: version,
      households: 0, invoices: 0, credits: 0, cents: 0, created_at: c.now().toISOString(), validated_at: null, published_at: null, told_after: null,
    }).execute()
    await tx.emit(CampaignDrafting, { campaignId: id, cursor: '' })
  })
  await c.audit('campaign.begun', id, { firstDay, lastDay })
  return id
}

/** Throws a draft away and makes it anew. @returns whether there was one */
export async function redraft(c: CanteenContext, id: string): Promise<boolean> {
  const done = await c.transaction(async (tx) => {
    const campaign = await tx.selectFrom('campaign').select(['regie_id', 'state']).where('id', '=', id).executeTakeFirst()
    if (campaign?.state !== 'draft') return false
    const { version } = await tx.selectFrom('regie').select('version').where('id', '=', campaign.regie_id).executeTakeFirstOrThrow()
    const { numUpdatedRows } = await tx.updateTable('campaign').set({ cursor: '', drafted: 0, regie_version: version, households: 0, invoices: 0, credits: 0, cents: 0, created_at: c.now().toISOString() }).where('id', '=', id).where('state', '=', 'draft').executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return false
    await dropDraft(tx, id)
    await tx.emit(CampaignDrafting, { campaignId: id, cursor: '' })
    return true
  })
  if (done) await c.audit('campaign.redrafted', id)
  return done
}

/** Forgets a campaign that was not validated. @returns whether there was one */
export async function dropCampaign(c: CanteenContext, id: string): Promise<boolean> {
  const done = await c.transaction(async (tx) => {
    const { numDeletedRows } = await tx.deleteFrom('campaign').where('id', '=', id).where('state', '=', 'draft').executeTakeFirstOrThrow()
    if (numDeletedRows === 0n) return false
    await dropDraft(tx, id)
    return true
  })
  if (done) await c.audit('campaign.dropped', id)
  return done
}

async function dropDraft(tx: CanteenTransaction, id: string): Promise<void> {
  await tx.deleteFrom('invoice_line').where('invoice_id', 'in', tx.selectFrom('invoice').select('invoice.id').where('campaign_id', '=', id)).execute()
  await tx.deleteFrom('invoice').where('campaign_id', '=', id).execute()
  await tx.deleteFrom('campaign_alert').where('campaign_id', '=', id).execute()
}

/** Why a campaign was not validated. Each has a message `billing.refused.<reason>`. */
export type ValidationRefusal = 'not-draft' | 'not-drafted' | 'alerts' | 'stale'

/**
 * Gives every invoice and credit note of a campaign its number, in one transaction: all of them or none. The counter of the régie is part of it, so numbers have
 * no gap, and two campaigns at once get different ones.
 */
export async function validateCampaign(c: CanteenContext, id: string): Promise<ValidationRefusal | undefined> {
  const refused = await c.transaction(async (tx): Promise<ValidationRefusal | undefined> => {
    const campaign = await tx.selectFrom('campaign').selectAll().where('id', '=', id).executeTakeFirst()
    if (campaign === undefined || campaign.state !== 'draft') return 'not-draft'
    if (campaign.drafted === 0) return 'not-drafted'
    const alert = await tx.selectFrom('campaign_alert').select('id').where('campaign_id', '=', id).where('kind', 'in', ['no-tariff', 'no-payer']).executeTakeFirst()
    if (alert !== undefined) return 'alerts'
    // This row is what validations of a régie wait for each other at; whoever drafted before the other's numbers were given must look again.
    const counters = await tx.updateTable('regie')
      .set((eb) => ({ next_invoice: eb('next_invoice', '+', campaign.invoices), next_credit: eb('next_credit', '+', campaign.credits), version: eb('version', '+', 1) }))
      .where('id', '=', campaign.regie_id).where('version', '=', campaign.regie_version).returning(['next_invoice', 'next_credit']).executeTakeFirst()
    if (counters === undefined) return 'stale'
    const { numUpdatedRows } = await tx.updateTable('campaign').set({ state: 'validated', validated_at: c.now().toISOString() }).where('id', '=', id).where('state', '=', 'draft').where('drafted', '=', 1).executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) throw new Error(`The campaign ${id} changed while it was being validated.`)
    const first = { invoice: counters.next_invoice - campaign.invoices, credit: counters.next_credit - campaign.credits }
    for (const kind of ['invoice', 'credit'] as const) {
      const numbered = await tx.updateTable('invoice').set((eb) => ({ number: eb('position', '+', first[kind]), issued_on: c.today() })).where('campaign_id', '=', id).where('kind', '=', kind).executeTakeFirstOrThrow()
      if (Number(numbered.numUpdatedRows) !== campaign[`${kind}s`]) throw new Error(`The campaign ${id} has ${numbered.numUpdatedRows} documents of kind ${kind} where ${campaign[`${kind}s`]} were drafted.`)
    }
    // What a payer has too much, and credit notes, go to the oldest invoices.
    const waiting = await tx.selectFrom('invoice').select('guardian_id').distinct().where('campaign_id', '=', id)
      .where((or) => or.or([or('kind', '=', 'credit'), or('guardian_id', 'in', tx.selectFrom('payment').select('payment.guardian_id')), or('guardian_id', 'in', tx.selectFrom('invoice as old').select('old.guardian_id').where('old.kind', '=', 'credit').where('old.number', 'is not', null))])).execute()
    for (const { guardian_id: guardianId } of waiting) await settleOpen(c, tx, campaign.regie_id, guardianId)
    return undefined
  })
  if (refused === undefined) await c.audit('campaign.validated', id)
  return refused
}

/** Shows a validated campaign's invoices to the families, and begins to tell them by mail. @returns whether it was one */
export async function publishCampaign(c: CanteenContext, id: string, { tell = true }: { readonly tell?: boolean } = {}): Promise<boolean> {
  const done = await c.transaction(async (tx) => {
    const { numUpdatedRows } = await tx.updateTable('campaign').set({ state: 'published', published_at: c.now().toISOString(), told_after: tell ? '' : null }).where('id', '=', id).where('state', '=', 'validated').executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return false
    await tx.updateTable('invoice').set({ published: 1 }).where('campaign_id', '=', id).execute()
    if (tell) await tx.emit(CampaignTelling, { campaignId: id, after: '' })
    return true
  })
  if (done) await c.audit('campaign.published', id)
  return done
}
