import type { Static } from '@liberacces/sdk'
import { Families, type HouseholdCard } from '@liberacces/plugin-families/contract'
import type { CanteenContext, CanteenDatabase, CanteenTransaction } from '../../canteen-types.ts'
import { CampaignDrafting } from '../../contract.ts'
import { allTariffs, readTariff } from '../store/tariffs.ts'
import type { BillingTables } from '../tables.ts'
import { householdLines, type BilledHousehold, type BilledUnit, type BillingScope, type HouseholdLine } from './household-lines.ts'

/** Households of one step: a transaction of well under a second. */
const SLICE = 200
/** Days before a period that are read for runs of absences. */
const RUN_DAYS = 31
/** Rows of one statement. */
const ROWS = 400
/** Children of one question. */
const CHILDREN = 2_000
/** Months for which a régie still corrects what it billed. */
const CORRECTED_MONTHS = 12

type PayerPeriods = Static<(typeof Families)['operations']['payerPeriods']['output']>

/**
 * Drafts the invoices of the next households of a campaign and says where it has come, all in one transaction; then hands on to the next step by an event.
 * Two at once do not draft a household twice: each step begins where the one before it ended, or does nothing.
 * @returns whether there is more
 */
export async function draftSlice(c: CanteenContext, campaignId: string): Promise<boolean> {
  const campaign = await c.db.selectFrom('campaign').selectAll().where('id', '=', campaignId).executeTakeFirst()
  if (campaign === undefined || campaign.state !== 'draft' || campaign.drafted === 1) return false
  const households = await c.use(Families).households({ limit: SLICE, ...(campaign.cursor === '' ? {} : { after: campaign.cursor }) })
  const scope = await scopeOf(c.db, campaign)
  const bills = (await readHouseholds(c, scope, households)).map(({ card, household }) => ({ card, ...householdLines(scope, household) }))
  const last = households.at(-1)
  return c.transaction(async (tx) => {
    const cursor = last?.id ?? campaign.cursor
    const hasMore = households.length === SLICE
    const counts = { invoices: campaign.invoices, credits: campaign.credits, cents: campaign.cents }
    const [invoices, lines, alerts] = [[] as BillingTables['invoice'][], [] as BillingTables['invoice_line'][], [] as BillingTables['campaign_alert'][]]
    for (const { card, lines: owed, alerts: found } of bills) {
      for (const { kind, detail } of found) alerts.push({ id: c.id(), campaign_id: campaign.id, household_id: card.id, name: card.name, kind, detail })
      for (const [guardianId, own] of byGuardian(owed)) {
        if (own.every(({ cents }) => cents === 0)) continue
        const cents = own.reduce((sum, line) => sum + line.cents, 0)
        const kind = cents < 0 ? 'credit' : 'invoice'
        const position = kind === 'credit' ? counts.credits++ : counts.invoices++
        counts.cents += cents
        const invoice = invoiceOf(c, campaign, card, { guardianId, kind, position, cents })
        invoices.push(invoice)
        own.forEach((line, index) => lines.push(rowOf(c, invoice.id, line, index)))
      }
    }
    const { numUpdatedRows } = await tx.updateTable('campaign')
      .set({ ...counts, cursor, drafted: hasMore ? 0 : 1, households: campaign.households + households.length })
      .where('id', '=', campaign.id).where('state', '=', 'draft').where('drafted', '=', 0).where('cursor', '=', campaign.cursor).where('created_at', '=', campaign.created_at).executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return false
    await insertAll(tx, 'invoice', invoices)
    await insertAll(tx, 'invoice_line', lines)
    await insertAll(tx, 'campaign_alert', alerts)
    if (hasMore) await tx.emit(CampaignDrafting, { campaignId: campaign.id, cursor })
    return hasMore
  })
}

async function insertAll<Table extends 'invoice' | 'invoice_line' | 'campaign_alert'>(tx: CanteenTransaction, table: Table, rows: readonly BillingTables[Table][]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS) await tx.insertInto(table).values(rows.slice(start, start + ROWS) as never).execute()
}

/** Days, tariffs and units of a campaign. */
async function scopeOf(db: CanteenDatabase, campaign: Pick<BillingTables['campaign'], 'id' | 'regie_id' | 'first_day' | 'last_day'>): Promise<BillingScope> {
  const since = new Date(`${campaign.first_day}T00:00:00Z`)
  since.setUTCMonth(since.getUTCMonth() - CORRECTED_MONTHS)
  const earlier = await db.selectFrom('campaign').select(['first_day', 'last_day']).where('regie_id', '=', campaign.regie_id).where('id', '!=', campaign.id).where('state', '!=', 'draft').where('first_day', '>=', since.toISOString().slice(0, 10)).orderBy('first_day').execute()
  const units = await db.selectFrom('unit').select(['id', 'name', 'starts_at', 'ends_at']).execute()
  return {
    regieId: campaign.regie_id, firstDay: campaign.first_day, lastDay: campaign.last_day,
    earlier: earlier.map((period) => ({ firstDay: period.first_day, lastDay: period.last_day })),
    tariffs: (await allTariffs(db)).map(readTariff),
    units: new Map(units.map(({ id, name, starts_at: from, ends_at: to }): [string, BilledUnit] => [id, { name, minutes: Math.max(0, minutesOfDay(to) - minutesOfDay(from)) }])),
  }
}

function minutesOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** Everything that the bills of some households are made from. */
async function readHouseholds(c: CanteenContext, scope: BillingScope, cards: readonly HouseholdCard[]): Promise<readonly { readonly card: HouseholdCard; readonly household: BilledHousehold }[]> {
  if (cards.length === 0) return []
  const ids = cards.map(({ id }) => id)
  const start = [scope.firstDay, ...scope.earlier.map(({ firstDay }) => firstDay)].toSorted()[0] ?? scope.firstDay
  const before = new Date(Date.parse(`${start}T00:00:00Z`) - RUN_DAYS * 86_400_000).toISOString().slice(0, 10)
  const bookings = await c.db.selectFrom('booking').select(['id', 'household_id', 'child_id', 'activity_id', 'unit_id', 'day', 'state', 'late', 'unbooked', 'arrived_at', 'left_at'])
    .where('household_id', 'in', ids).where('day', '>=', before).where('day', '<=', scope.lastDay).execute()
  const enrolments = await c.db.selectFrom('enrolment').select(['household_id', 'child_id', 'activity_id']).where('household_id', 'in', ids).where('state', '=', 'active').where('first_day', '<=', scope.lastDay).where('last_day', '>=', scope.firstDay).execute()
  const billed = await c.db.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id')
    .select((eb) => ['invoice.household_id', 'booking_id', 'guardian_id', 'child_id', 'child_name', 'unit_id', 'activity_id', 'day', 'account', 'childcare', eb.fn.sum('invoice_line.cents').as('sum')])
    .where('invoice.household_id', 'in', ids).where('invoice.regie_id', '=', scope.regieId).where('number', 'is not', null).where('booking_id', 'is not', null).where('day', '>=', start).where('day', '<=', scope.lastDay)
    .groupBy(['invoice.household_id', 'booking_id', 'guardian_id', 'child_id', 'child_name', 'unit_id', 'activity_id', 'day', 'account', 'childcare']).execute()
  const own = bookings.filter(({ day }) => day >= start)
  const childIds = [...new Set(own.map((row) => row.child_id))]
  // The quotient of the first of a month holds for it.
  const months = [...new Set(own.map(({ day }) => day.slice(0, 7)))].map((month) => `${month}-01`)
  const families = c.use(Families)
  const quotients = own.length === 0 ? [] : await families.quotients({ householdIds: ids, days: months })
  const payers: PayerPeriods[] = []
  for (let first = 0; first < childIds.length; first += CHILDREN) payers.push(await families.payerPeriods({ childIds: childIds.slice(first, first + CHILDREN), from: start, to: scope.lastDay }))
  const [bookingsOf, enrolmentsOf, billedOf] = [Map.groupBy(bookings, (row) => row.household_id), Map.groupBy(enrolments, (row) => row.household_id), Map.groupBy(billed, (row) => row.household_id)]
  const [quotientsOf, payersOf] = [Map.groupBy(quotients, ({ householdId }) => householdId), Map.groupBy(payers.flat(), ({ childId }) => childId)]
  return cards.map((card) => {
    const household: BilledHousehold = {
      resident: card.resident,
      children: card.children.map(({ id, firstName, lastName, birthDay }) => ({ id, name: `${firstName} ${lastName}`, birthDay })),
      bookings: bookingsOf.get(card.id) ?? [],
      enrolled: new Map([...Map.groupBy(enrolmentsOf.get(card.id) ?? [], (row) => row.activity_id)].map(([activity, rows]) => [activity, new Set(rows.map((row) => row.child_id))])),
      quotients: new Map((quotientsOf.get(card.id) ?? []).map(({ on, value }) => [on.slice(0, 7), value])),
      payersOn: (childId, day) => payersOf.get(childId)?.find(({ from, to }) => from <= day && day <= to)?.payers ?? [],
      billed: (billedOf.get(card.id) ?? []).map((row) => ({
        bookingId: row.booking_id ?? '', guardianId: row.guardian_id, cents: Number(row.sum), childId: row.child_id ?? '', childName: row.child_name, unitId: row.unit_id ?? '', activityId: row.activity_id ?? '', day: row.day, account: row.account, childcare: row.childcare,
      })),
    }
    return { card, household }
  })
}

function byGuardian(lines: readonly HouseholdLine[]): ReadonlyMap<string, HouseholdLine[]> {
  return Map.groupBy(lines, ({ guardianId }) => guardianId)
}

function invoiceOf(c: CanteenContext, campaign: BillingTables['campaign'], card: HouseholdCard, what: { readonly guardianId: string; readonly kind: 'invoice' | 'credit'; readonly position: number; readonly cents: number }): BillingTables['invoice'] {
  const payer = card.guardians.find(({ id }) => id === what.guardianId)
  return {
    id: c.id(), regie_id: campaign.regie_id, campaign_id: campaign.id, kind: what.kind, position: what.position, number: null, household_id: card.id, guardian_id: what.guardianId, account_id: payer?.accountId ?? null,
    payer_name: payer === undefined ? card.name : `${payer.firstName} ${payer.lastName}`, payer_address: payer?.address ?? '', payer_postcode: payer?.postcode ?? '', payer_town: payer?.town ?? '', payer_email: payer?.email ?? null,
    payer_first_name: payer?.firstName ?? null, payer_last_name: payer?.lastName ?? null,
    cents: what.cents, issued_on: null, due_on: campaign.due_day, published: 0, credits_invoice: null, reason: null, file_id: null, created_at: c.now().toISOString(),
  }
}

function rowOf(c: CanteenContext, invoiceId: string, line: HouseholdLine, position: number): BillingTables['invoice_line'] {
  return {
    id: c.id(), invoice_id: invoiceId, position, booking_id: line.bookingId, child_id: line.childId, child_name: line.childName, birth_day: line.birthDay, activity_id: line.activityId, unit_id: line.unitId, unit_name: line.unitName,
    day: line.day, cents: line.cents, parts: line.parts, price_cents: line.priceCents, share: line.share, minutes: line.minutes, tier: line.tier, account: line.account, childcare: line.childcare, correction: line.correction,
  }
}
