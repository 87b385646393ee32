/** What a household owes for a period, payer by payer. Pure: everything that it needs is given. */
import type { BookingTables } from '../../booking/tables.ts'
import { divided, WHOLE } from '../../tariffs/money.ts'
import { priceOf, tierOf } from '../../tariffs/price.ts'
import type { TariffRules } from '../../tariffs/tariff-rules.ts'
import type { AlertKind } from '../tables.ts'

type Booking = Pick<BookingTables['booking'], 'id' | 'child_id' | 'activity_id' | 'unit_id' | 'day' | 'state' | 'late' | 'unbooked' | 'arrived_at' | 'left_at'>

/** A tariff that is in force, read and checked. */
export interface ReadTariff {
  readonly regieId: string; readonly unitId: string; readonly firstDay: string; readonly lastDay: string | null
  readonly rules: TariffRules; readonly siblingsCounted: 'present' | 'registered'; readonly account: string; readonly childcare: boolean
}

/** A unit as invoices name it; `minutes` is its length where nobody was checked in and out. */
export interface BilledUnit { readonly name: string; readonly minutes: number }

/** What is known of a household. */
export interface BilledHousehold {
  readonly resident: boolean
  readonly children: readonly { readonly id: string; readonly name: string; readonly birthDay: string }[]
  /** Of the days to look at and the month before them, for runs of absences. */
  readonly bookings: readonly Booking[]
  /** Enrolled children by activity. */
  readonly enrolled: ReadonlyMap<string, ReadonlySet<string>>
  /** Quotient by month `YYYY-MM`; absent where none is known. */
  readonly quotients: ReadonlyMap<string, number>
  /** Who pays for a child on a day; nobody where it is not known. */
  payersOn(childId: string, day: string): readonly { readonly guardianId: string; readonly share: number }[]
  /** What invoices have said so far. */
  readonly billed: readonly { readonly bookingId: string; readonly guardianId: string; readonly cents: number; readonly childId: string; readonly childName: string; readonly unitId: string; readonly activityId: string; readonly day: string; readonly account: string; readonly childcare: number }[]
}

/** A line of a payer's invoice. */
export interface HouseholdLine {
  readonly guardianId: string; readonly bookingId: string; readonly childId: string; readonly childName: string; readonly birthDay: string | null
  readonly activityId: string; readonly unitId: string; readonly unitName: string; readonly day: string; readonly cents: number
  readonly parts: string; readonly priceCents: number; readonly share: number; readonly minutes: number; readonly tier: string | null
  readonly account: string; readonly childcare: number; readonly correction: number
}

/** Days and prices that count for a campaign. */
export interface BillingScope {
  readonly regieId: string
  readonly firstDay: string; readonly lastDay: string
  /** Periods that the régie has billed: what changed in them since is billed now. */
  readonly earlier: readonly { readonly firstDay: string; readonly lastDay: string }[]
  readonly tariffs: readonly ReadTariff[]
  readonly units: ReadonlyMap<string, BilledUnit>
}

/** What a household owes, and what somebody must look at. */
export interface HouseholdBill {
  readonly lines: readonly HouseholdLine[]
  readonly alerts: readonly { readonly kind: AlertKind; readonly detail: string }[]
}

/** Prices each booking of the period, and what changed in earlier ones, for who pays that day; shares of a price add up to it to the cent. */
export function householdLines(scope: BillingScope, household: BilledHousehold): HouseholdBill {
  const lines: HouseholdLine[] = []
  const alerts = new Map<string, { kind: AlertKind; detail: string }>()
  const alert = (kind: AlertKind, detail: string): void => { alerts.set(`${kind} ${detail}`, { kind, detail }) }
  const billed = new Map<string, Map<string, BilledHousehold['billed'][number]>>()
  for (const row of household.billed) billed.set(row.bookingId, (billed.get(row.bookingId) ?? new Map<string, BilledHousehold['billed'][number]>()).set(row.guardianId, row))
  const children = new Map(household.children.map((child) => [child.id, child]))
  const absences = absentDays(household.bookings)
  const present = presentChildren(household)

  for (const booking of household.bookings) {
    const isOwn = booking.day >= scope.firstDay && booking.day <= scope.lastDay
    if (!isOwn && !scope.earlier.some(({ firstDay, lastDay }) => booking.day >= firstDay && booking.day <= lastDay)) continue
    const before = billed.get(booking.id)
    const tariff = tariffOf(scope.tariffs, booking.unit_id, booking.day)
    const unit = scope.units.get(booking.unit_id)
    if (tariff === undefined || unit === undefined) {
      if (isOwn && isCharged(booking)) alert('no-tariff', unit?.name ?? booking.unit_id)
      billed.delete(booking.id)
      continue
    }
    if (tariff.regieId !== scope.regieId) { billed.delete(booking.id); continue }
    const quotient = household.quotients.get(booking.day.slice(0, 7))
    const needsQuotient = tariff.rules.tiers.length > 1 || tariff.rules.price.kind === 'effort'
    if (quotient === undefined && needsQuotient && isOwn && isCharged(booking)) alert('no-quotient', '')
    const counted = tariff.siblingsCounted === 'registered' ? household.enrolled.get(booking.activity_id) : present.get(`${booking.activity_id} ${booking.day}`)
    const minutes = minutesOf(booking, unit)
    const price = priceOf(tariff.rules, {
      state: booking.state, late: booking.late === 1, unbooked: booking.unbooked === 1, absentDay: absences.get(booking.id) ?? 0, quotient, resident: household.resident,
      rank: rankOf(household.children, counted, booking.child_id), minutes,
    })
    const payers = household.payersOn(booking.child_id, booking.day)
    if (payers.length === 0) {
      if (price.cents > 0) alert('no-payer', children.get(booking.child_id)?.name ?? booking.child_id)
      billed.delete(booking.id)
      continue
    }
    const child = children.get(booking.child_id)
    const amounts = divided(price.cents, payers.map(({ share }) => share))
    const common = {
      bookingId: booking.id, childId: booking.child_id, childName: child?.name ?? '', birthDay: child?.birthDay ?? null, activityId: booking.activity_id, unitId: booking.unit_id, unitName: unit.name,
      day: booking.day, parts: JSON.stringify(price.parts), priceCents: price.cents, minutes: isAbsent(booking) ? 0 : minutes,
      tier: needsQuotient && tariff.rules.price.kind !== 'effort' ? tierOf(tariff.rules.tiers, quotient).tier.name : null, account: tariff.account, childcare: tariff.childcare ? 1 : 0, correction: before === undefined && isOwn ? 0 : 1,
    }
    const owed = new Map(payers.map(({ guardianId, share }, index) => [guardianId, { cents: amounts[index] ?? 0, share }]))
    for (const guardianId of new Set([...owed.keys(), ...(before?.keys() ?? [])])) {
      const { cents, share } = owed.get(guardianId) ?? { cents: 0, share: WHOLE }
      const rest = cents - (before?.get(guardianId)?.cents ?? 0)
      if (rest !== 0 || (before === undefined && isOwn && isAbsent(booking))) lines.push({ ...common, guardianId, share, cents: rest })
    }
    billed.delete(booking.id)
  }

  // What was billed and is booked no more.
  for (const [bookingId, payers] of billed) for (const [guardianId, row] of payers) {
    if (row.cents === 0) continue
    lines.push({
      guardianId, bookingId, childId: row.childId, childName: row.childName, birthDay: children.get(row.childId)?.birthDay ?? null, activityId: row.activityId, unitId: row.unitId,
      unitName: scope.units.get(row.unitId)?.name ?? '', day: row.day, cents: -row.cents, parts: '[]', priceCents: 0, share: WHOLE, minutes: 0, tier: null, account: row.account, childcare: row.childcare, correction: 1,
    })
  }
  return { lines: lines.toSorted((a, b) => compare(a.day, b.day) || compare(a.childName, b.childName) || compare(a.bookingId, b.bookingId)), alerts: [...alerts.values()] }
}

/** The tariff of a unit on a day. */
export function tariffOf(tariffs: readonly ReadTariff[], unitId: string, day: string): ReadTariff | undefined {
  return tariffs.find((tariff) => tariff.unitId === unitId && tariff.firstDay <= day && (tariff.lastDay === null || day <= tariff.lastDay))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function isCharged({ state }: Booking): boolean {
  return state !== 'waiting' && state !== 'refused' && state !== 'requested'
}

function isAbsent({ state }: Booking): boolean {
  return state === 'absent-justified' || state === 'absent-unjustified'
}

/** Which day of one absence each booking is: booked days of a child and unit that follow each other. */
function absentDays(bookings: readonly Booking[]): ReadonlyMap<string, number> {
  const days = new Map<string, number>()
  const runs = new Map<string, number>()
  for (const booking of bookings.filter(isCharged).toSorted((a, b) => compare(a.day, b.day))) {
    const key = `${booking.child_id} ${booking.unit_id}`
    const run = isAbsent(booking) ? (runs.get(key) ?? 0) + 1 : 0
    runs.set(key, run)
    if (run > 0) days.set(booking.id, run)
  }
  return days
}

function presentChildren({ bookings }: BilledHousehold): ReadonlyMap<string, ReadonlySet<string>> {
  const present = new Map<string, Set<string>>()
  for (const booking of bookings) {
    if (!isCharged(booking) || isAbsent(booking)) continue
    const key = `${booking.activity_id} ${booking.day}`
    present.set(key, (present.get(key) ?? new Set<string>()).add(booking.child_id))
  }
  return present
}

/** Place of a child among those that count, the eldest first; of twins the smaller id. */
export function rankOf(children: readonly { readonly id: string; readonly birthDay: string }[], counted: ReadonlySet<string> | undefined, childId: string): number {
  const older = children.toSorted((a, b) => compare(a.birthDay, b.birthDay) || compare(a.id, b.id)).filter(({ id }) => id === childId || counted?.has(id) === true)
  return Math.max(1, older.findIndex(({ id }) => id === childId) + 1)
}

/** How long a child stayed, in whole minutes begun; the unit's length where nobody noted it. */
function minutesOf({ arrived_at: from, left_at: to }: Booking, unit: BilledUnit): number {
  if (from === null || to === null) return unit.minutes
  return Math.max(0, Math.ceil((Date.parse(to) - Date.parse(from)) / 60_000))
}
