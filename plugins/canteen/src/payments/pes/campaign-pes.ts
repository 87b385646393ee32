import type { CanteenContext } from '../../canteen-types.ts'
import { invoiceNumber } from '../../billing/invoice-number.ts'
import { findRegie } from '../../billing/store/regies.ts'
import type { PesFile } from './pes-file.ts'

/** The PES file of a validated campaign, faults and all; `undefined` where there is no such campaign. Its bordereau is the campaign's place among those of the régie's year. */
export async function campaignPes(c: CanteenContext, campaignId: string): Promise<PesFile | undefined> {
  const campaign = await c.db.selectFrom('campaign').selectAll().where('id', '=', campaignId).where('state', '!=', 'draft').executeTakeFirst()
  const regie = campaign === undefined ? undefined : await findRegie(c.db, campaign.regie_id)
  if (campaign === undefined || regie === undefined) return undefined
  const validatedAt = campaign.validated_at ?? ''
  const before = await c.db.selectFrom('campaign').select('id').where('validated_at', '>=', validatedAt.slice(0, 4)).where('validated_at', '<', validatedAt).execute()
  const invoices = await c.db.selectFrom('invoice').selectAll().where('campaign_id', '=', campaignId).where('kind', '=', 'invoice').where('cents', '>', 0).orderBy('number').execute()
  const { idPost = '', siret = '', codCol = '', codBud, codProdLoc = '' } = regie.identity
  const issuedOn = invoices[0]?.issued_on ?? validatedAt.slice(0, 10)
  return {
    siren: siret.slice(0, 9), sequence: before.length + 1, issuedOn, idPost, idColl: siret, codCol, codBud: codBud === '' ? undefined : codBud, codProdLoc, label: c.tenant.name, bordereau: before.length + 1,
    exercice: Number(issuedOn.slice(0, 4)), month: Number(campaign.last_day.slice(5, 7)), object: campaign.name,
    pieces: invoices.map((invoice) => {
      // Drafted before names were kept apart, or in the name of a household: it stays whole, since nobody knows where a name like « Anne DE LA TOUR » is to be cut.
      const [firstName, lastName] = [invoice.payer_first_name ?? '', invoice.payer_last_name ?? invoice.payer_name]
      return { number: invoice.number ?? 0, label: invoiceNumber(regie.number, invoice) ?? '', cents: invoice.cents, firstName, lastName, address: invoice.payer_address.replaceAll('\n', ' '), postcode: invoice.payer_postcode, town: invoice.payer_town }
    }),
  }
}
