import { addDays } from '@liberacces/sdk'
import { beginCampaign, publishCampaign, validateCampaign } from '../billing/campaign/campaigns.ts'
import { draftSlice } from '../billing/campaign/draft-slice.ts'
import { creditInvoice } from '../billing/store/credit-notes.ts'
import { enterPayment } from '../billing/store/ledger.ts'
import { saveRegie } from '../billing/store/regies.ts'
import { saveTariff } from '../billing/store/tariffs.ts'
import type { CanteenDemo } from '../canteen-types.ts'
import { billedPeriods, type BilledPeriod } from './billed-periods.ts'
import { HALF_DAYS, HOURS, IDENTITY, MEALS } from './demo-tariffs.ts'

/** Of a hundred invoices so many were paid, and by what. */
const PAID = [['payfip', 38], ['direct-debit', 22], ['cheque', 12], ['cash', 5]] as const
/** Of a hundred invoices so many were paid in part. */
const PAID_IN_PART = 4

/** A régie with tariffs of every unit; with bills, one campaign that families have and partly paid, and the next one as a draft. */
export async function fillBilling(c: CanteenDemo, { firstDay, lastDay, withBills }: { readonly firstDay: string; readonly lastDay: string; readonly withBills: boolean }): Promise<void> {
  const regieId = c.id()
  await saveRegie(c.db, { id: regieId, number: 1, name: c.t('billing.demo.regie'), identity: IDENTITY })
  const units = await c.db.selectFrom('unit').innerJoin('activity', 'activity.id', 'activity_id').select(['unit.id', 'unit.kind', 'unit.name']).where('first_day', '=', firstDay).orderBy('unit.id').execute()
  for (const { id, kind, name } of units) {
    await saveTariff(c.db, {
      id: c.id(), regie_id: regieId, unit_id: id, name: c.t('billing.demo.tariff', { unit: name, year: firstDay.slice(0, 4), next: lastDay.slice(0, 4) }), first_day: firstDay, last_day: null,
      rules: kind === 'meal' ? MEALS : kind === 'hourly' ? HOURS : HALF_DAYS, siblings_counted: 'registered', account: kind === 'meal' ? '7067' : '7066', childcare: kind === 'meal' ? 0 : 1,
    })
  }
  if (!withBills) return
  const { published, draft } = billedPeriods(firstDay, lastDay, c.today())
  if (published !== undefined) await fillPublished(c, regieId, published)
  await drafted(c, regieId, draft, addDays(c.today(), 30))
}

/** A campaign drafted to its end. */
async function drafted(c: CanteenDemo, regieId: string, { firstDay, lastDay }: BilledPeriod, dueDay: string): Promise<string> {
  const name = c.t('billing.demo.campaign', { month: new Intl.DateTimeFormat(c.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${firstDay}T00:00:00Z`)) })
  const id = await beginCampaign(c, { regieId, name, firstDay, lastDay, dueDay })
  while (await draftSlice(c, id));
  return id
}

/** A campaign that was published early in the month after its period, and what became of its invoices since. */
async function fillPublished(c: CanteenDemo, regieId: string, period: BilledPeriod): Promise<void> {
  const today = c.today()
  const earlier = (a: string, b: string): string => (a < b ? a : b)
  const issued = earlier(addDays(period.lastDay, 4), today)
  const due = addDays(period.lastDay, 28)
  const id = await drafted(c, regieId, period, due)
  const refused = await validateCampaign(c, id)
  if (refused !== undefined) {
    c.log.warn('The campaign of the demonstration is left a draft.', { refused })
    return
  }
  await publishCampaign(c, id, { tell: false }) // nobody of it is there to be written to
  const at = `${issued}T09:00:00.000Z`
  await c.db.updateTable('campaign').set({ created_at: at, validated_at: at, published_at: at }).where('id', '=', id).execute()
  await c.db.updateTable('invoice').set({ issued_on: issued, created_at: at }).where('campaign_id', '=', id).execute()
  const invoices = await c.db.selectFrom('invoice').select(['id', 'guardian_id', 'household_id', 'cents', 'payer_name']).where('campaign_id', '=', id).where('kind', '=', 'invoice').orderBy('number').execute()
  const open: (typeof invoices)[number][] = []
  await c.transaction(async (tx) => {
    for (const invoice of invoices) {
      const draw = c.random() * 100
      let upTo = 0
      const method = PAID.find(([, share]) => draw < (upTo += share))?.[0]
      const cents = method !== undefined ? invoice.cents : draw < upTo + PAID_IN_PART ? Math.floor(invoice.cents / 2) : 0
      if (cents < invoice.cents) open.push(invoice)
      if (cents === 0) continue
      const receivedOn = earlier(method === 'direct-debit' ? due : addDays(issued, 1 + Math.floor(c.random() * 22)), today)
      const payment = await enterPayment(c, tx, { regieId, guardianId: invoice.guardian_id, householdId: invoice.household_id, cents, method: method ?? 'cash', receivedOn, note: '', invoiceId: invoice.id })
      await tx.updateTable('settlement').set({ settled_on: receivedOn }).where('source_id', '=', payment).execute()
    }
  })
  const [credited, ...overdue] = open.toReversed()
  if (credited !== undefined) await creditInvoice(c, credited.id, Math.max(1, Math.floor(credited.cents / 4)), c.t('billing.demo.credit'))
  const [reminded] = overdue
  if (reminded !== undefined && due < today) await c.db.insertInto('reminder').values({ id: c.id(), invoice_id: reminded.id, step: 1, sent_on: earlier(addDays(due, 10), today), by_mail: 0 }).execute()
  const iban = IDENTITY.iban ?? ''
  const sealed = await c.secrets.seal(iban)
  for (const [place, { guardian_id: guardian, payer_name: holder }] of invoices.slice(0, 3).entries()) {
    await c.db.insertInto('mandate').values({ id: c.id(), guardian_id: guardian, account_id: null, rum: `CANT-${period.firstDay.slice(0, 4)}-${String(place + 1).padStart(4, '0')}`, holder, iban: sealed, last_four: iban.slice(-4), signed_on: period.firstDay, kind: 'RCUR', uses: 0, active: 1 }).execute()
  }
}
