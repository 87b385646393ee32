import { Families, type ChildCard, type HouseholdCard } from '@liberacces/plugin-families/contract'
import { parseDay, Type } from '@liberacces/sdk'
import { DataTable, DescriptionList, EmptyState, Notice, Page, SearchForm, Section } from '@liberacces/sdk/ui'
import type { CanteenContext, CanteenRegistrar } from '../../canteen-types.ts'
import { explainPrice } from '../../tariffs/explain-price.ts'
import { priceOf, type PricedFacts } from '../../tariffs/price.ts'
import { rankOf, tariffOf } from '../campaign/household-lines.ts'
import { allTariffs, readTariff } from '../store/tariffs.ts'

const HOME = '/gestion/facturation/tarifs'
/** Children of a search that are shown. */
const MOST_FOUND = 50
const CASES = ['present', 'late', 'unbooked', 'justified', 'unjustified'] as const
const CHANGES: Readonly<Record<(typeof CASES)[number], Partial<PricedFacts>>> = {
  present: {}, late: { late: true }, unbooked: { unbooked: true }, justified: { state: 'absent-justified', absentDay: 1 }, unjustified: { state: 'absent-unjustified', absentDay: 1 },
}

/** What a family that is named would pay for a child on a day, and why: before a campaign, or when somebody asks at the desk. */
export function registerFamilyPrices(k: CanteenRegistrar): void {
  const access = { audience: 'agent', permission: 'billing.read', title: 'billing.family-price' } as const
  const crumbs = (c: CanteenContext) => [{ label: c.t('billing.title'), href: c.url('/gestion/facturation') }, { label: c.t('billing.tariffs'), href: c.url(HOME) }]

  k.page({ ...access, path: `${HOME}/famille`, query: Type.Object({ q: Type.Optional(Type.String({ maxLength: 100 })) }) }, async (c, { query }) => {
    const words = folded(query.q ?? '').split(' ').filter((word) => word !== '')
    const found = words.length === 0 ? [] : (await c.use(Families).children({ on: c.today() })).filter(({ firstName, lastName }) => words.every((word) => folded(`${firstName} ${lastName}`).includes(word)))
    return (
      <Page title={c.t('billing.family-price')} intro={c.t('billing.family-price.intro')} breadcrumb={crumbs(c)}>
        <SearchForm action={c.url(`${HOME}/famille`)} label={c.t('billing.family-price.child')} value={query.q ?? ''} />
        {words.length > 0 && (found.length === 0
          ? <EmptyState title={c.t('billing.family-price.none')}><p>{c.t('billing.family-price.none.detail')}</p></EmptyState>
          : <DataTable caption={c.t('billing.family-price.found')} rows={found.slice(0, MOST_FOUND)} rowKey={({ id }) => id} columns={[
              { key: 'name', header: c.t('billing.family-price.child'), cell: ({ id, firstName, lastName }) => <a href={c.url(`${HOME}/famille/${id}`)}>{`${firstName} ${lastName}`}</a> },
              { key: 'birthDay', header: c.t('billing.certificate.born'), cell: ({ birthDay }) => c.format.date(birthDay) },
              { key: 'className', header: c.t('billing.family-price.class'), cell: ({ className }) => className ?? '' },
            ]} />)}
      </Page>
    )
  })

  k.page({ ...access, path: `${HOME}/famille/:child`, query: Type.Object({ jour: Type.Optional(Type.String({ maxLength: 20 })) }) }, async (c, { params, query }) => {
    const typed = query.jour ?? c.today()
    const day = parseDay(typed)
    const child = await c.use(Families).child({ id: params['child'] ?? '', ...(day === undefined ? {} : { on: day }) })
    const household = child === null ? null : await c.use(Families).household({ id: child.householdId })
    if (child === null || household === null) return c.notFound()
    const name = `${child.firstName} ${child.lastName}`
    return c.page(name, (
      <Page title={c.t('billing.family-price.of', { name })} breadcrumb={[...crumbs(c), { label: c.t('billing.family-price'), href: c.url(`${HOME}/famille`) }]}>
        <SearchForm action={c.url(`${HOME}/famille/${child.id}`)} name="jour" label={c.t('billing.family-price.day')} value={typed} />
        {day === undefined ? <Notice kind="error" title={c.t('billing.family-price.no-day')}>{c.t('billing.family-price.no-day.detail')}</Notice> : await pricesOf(c, household, child, day)}
      </Page>
    ))
  })
}

async function pricesOf(c: CanteenContext, household: HouseholdCard, child: ChildCard, day: string) {
  const families = c.use(Families)
  const [quotient] = await families.quotients({ householdIds: [household.id], days: [`${day.slice(0, 7)}-01`] })
  const payers = (await families.payerPeriods({ childIds: [child.id], from: day, to: day }))[0]?.payers ?? []
  const enrolments = await c.db.selectFrom('enrolment').select(['child_id', 'activity_id']).where('household_id', '=', household.id).where('state', '=', 'active').where('first_day', '<=', day).where('last_day', '>=', day).execute()
  const bookings = await c.db.selectFrom('booking').select(['child_id', 'activity_id', 'state']).where('household_id', '=', household.id).where('day', '=', day).execute()
  const units = await c.db.selectFrom('unit').innerJoin('activity', 'activity.id', 'activity_id').select(['unit.id', 'unit.name', 'unit.activity_id', 'unit.starts_at', 'unit.ends_at', 'activity.name as activity'])
    .where('archived', '=', 0).where('activity.first_day', '<=', day).where('activity.last_day', '>=', day).orderBy('activity.name').orderBy('unit.position').execute()
  const tariffs = (await allTariffs(c.db)).map(readTariff)
  const rows = units.flatMap((unit) => {
    const tariff = tariffOf(tariffs, unit.id, day)
    const of = tariff?.siblingsCounted === 'registered' ? enrolments : bookings.filter(({ state }) => state === 'booked' || state === 'present')
    const counted = new Set(of.filter((row) => row.activity_id === unit.activity_id).map((row) => row.child_id))
    const facts: PricedFacts = { state: 'present', late: false, unbooked: false, absentDay: 0, quotient: quotient?.value, resident: household.resident, rank: rankOf(household.children, counted, child.id), minutes: minutesOf(unit.starts_at, unit.ends_at) }
    return tariff === undefined
      ? [{ key: unit.id, unit, what: '', why: c.t('billing.no-tariff') }]
      : CASES.map((what) => ({ key: `${unit.id} ${what}`, unit, what: c.t(`billing.family-price.case.${what}`), why: explainPrice(c, priceOf(tariff.rules, { ...facts, ...CHANGES[what] })) }))
  })
  return <>
    <DescriptionList items={[
      { term: c.t('billing.family'), description: household.name },
      { term: c.t('billing.family-price.lives'), description: c.t(household.resident ? 'tariff.part.resident' : 'tariff.part.other') },
      { term: c.t('billing.preview.quotient'), description: quotient === undefined ? c.t('billing.family-price.no-quotient') : c.format.number(quotient.value) },
      { term: c.t('billing.payer'), description: payers.map(({ guardianId, share }) => c.t('billing.family-price.share', { name: nameOf(household, guardianId), percent: c.format.number(share / 100) })).join(', ') || c.t('billing.family-price.no-payer') },
    ]} />
    <Section title={c.t('billing.family-price.prices', { day: c.format.date(day) })}>
      <DataTable caption={c.t('billing.family-price.prices', { day: c.format.date(day) })} rows={rows} rowKey={({ key }) => key} empty={c.t('billing.no-unit')} columns={[
        { key: 'unit', header: c.t('billing.unit'), cell: ({ unit }) => `${unit.activity}, ${unit.name}` }, { key: 'what', header: c.t('billing.preview.case') }, { key: 'why', header: c.t('billing.column.why') },
      ]} />
    </Section>
  </>
}

function nameOf({ guardians }: HouseholdCard, id: string): string {
  const guardian = guardians.find((each) => each.id === id)
  return guardian === undefined ? '' : `${guardian.firstName} ${guardian.lastName}`
}

function minutesOf(from: string, to: string): number {
  const [start = 0, end = 0] = [from, to].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)))
  return Math.max(0, end - start)
}

/** Without accents and capitals, words apart by one space. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim()
}
