import { Families } from '@liberacces/plugin-families/contract'
import { Choice, Type, type Static } from '@liberacces/sdk'
import { ButtonLink, DataTable, Page } from '@liberacces/sdk/ui'
import { parseRules, type Limit, type Rules } from '../booking/deadlines/rules.ts'
import { readUnits } from '../booking/engine/situation.ts'
import { ACTIVITY_KINDS, UNIT_KINDS } from '../booking/tables.ts'
import { dayWords } from '../booking/words/day-words.ts'
import { limitWords } from '../booking/words/refusal-words.ts'
import type { CanteenRegistrar } from '../canteen-types.ts'

const LIMIT_KINDS = ['days-before', 'previous-weekday', 'week-before', 'second-week-before', 'month-before'] as const
const Weekday = Choice(['1', '2', '3', '4', '5', '6', '7'])
const Fields = Type.Object({
  name: Type.String({ minLength: 2, maxLength: 120 }), kind: Choice(ACTIVITY_KINDS), firstDay: Type.String({ format: 'date' }), lastDay: Type.String({ format: 'date' }),
  schools: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50, default: [] }),
  openOn: Type.Array(Choice(['school', 'holiday']), { minItems: 1, default: ['school'] }),
  limitKind: Choice(LIMIT_KINDS), limitNumber: Type.Integer({ minimum: 0, maximum: 60 }), limitAt: Type.String({ pattern: String.raw`^(([01]\d|2[0-3]):[0-5]\d|24:00)$` }), skipWeekends: Type.Boolean(), skipHolidays: Type.Boolean(),
  cancel: Choice(['same', 'never']), late: Choice(['refused', 'surcharge']), waitingList: Type.Boolean(), offerHours: Type.Integer({ minimum: 1, maximum: 240, default: 24 }), approvedByAgent: Type.Boolean(),
  rulesJson: Type.Optional(Type.String({ maxLength: 4_000 })),
})
const UnitFields = Type.Object({
  unitName: Type.String({ minLength: 2, maxLength: 120 }), unitKind: Choice(UNIT_KINDS), startsAt: Type.String({ format: 'time' }), endsAt: Type.String({ format: 'time' }),
  weekdays: Type.Array(Weekday, { minItems: 1 }), capacity: Type.Optional(Type.Integer({ minimum: 0, maximum: 5_000 })), withMeal: Type.Boolean(),
})

function limitOf({ limitKind, limitNumber, limitAt, skipWeekends, skipHolidays }: Static<typeof Fields>): Limit {
  switch (limitKind) {
    case 'days-before': return { kind: limitKind, days: limitNumber, at: limitAt, skip: [...(skipWeekends ? ['weekend' as const] : []), ...(skipHolidays ? ['public-holiday' as const] : [])] }
    case 'month-before': return { kind: limitKind, dayOfMonth: Math.min(31, Math.max(1, limitNumber)), at: limitAt }
    default: return { kind: limitKind, weekday: Math.min(7, Math.max(1, limitNumber)), at: limitAt }
  }
}

/** Activities with their rules, and what is booked of them. */
export function registerActivities(k: CanteenRegistrar): void {
  k.page({ path: '/gestion/activites', audience: 'agent', permission: 'activity.manage', title: 'booking.activities.title' }, async (c) => {
    const units = [...(await readUnits(c.db)).values()]
    const activities = await c.db.selectFrom('activity').selectAll().orderBy('archived').orderBy('name').orderBy('id').execute()
    return (
      <Page title={c.t('booking.activities.title')} breadcrumb={[{ label: c.t('booking.dashboard.title'), href: c.url('/gestion') }]} actions={<ButtonLink kind="primary" href={c.url('/gestion/activites/ajouter')}>{c.t('booking.activities.add')}</ButtonLink>}>
        <DataTable caption={c.t('booking.activities.title')} rows={activities} rowKey={({ id }) => id} columns={[
          { key: 'name', header: c.t('booking.column.activity') },
          { key: 'kind', header: c.t('field.kind'), cell: ({ kind }) => c.t(`field.kind.${kind}`) },
          { key: 'period', header: c.t('booking.column.period'), cell: ({ first_day, last_day }) => `${dayWords(first_day, c.locale)} – ${dayWords(last_day, c.locale)}` },
          { key: 'rules', header: c.t('booking.column.rules'), cell: ({ rules }) => parseRules(rules).add.map(({ limit }) => limitWords(c, limit)).join(' ; ') },
          { key: 'units', header: c.t('booking.column.unit'), cell: ({ id }) => units.filter(({ activity }) => activity.id === id).map((unit) => `${unit.name}${unit.capacity === undefined ? '' : ` (${unit.capacity})`}`).join(', ') },
          { key: 'more', header: c.t('booking.column.action'), cell: ({ id, name }) => <ButtonLink href={c.url(`/gestion/activites/${id}/unites/ajouter`)} subject={name}>{c.t('booking.units.add')}</ButtonLink> },
        ]} />
      </Page>
    )
  })

  k.form({ path: '/gestion/activites/ajouter', audience: 'agent', permission: 'activity.manage', title: 'booking.activities.add', schema: Fields }, async (c, data) => {
    if (data.lastDay < data.firstDay) return c.invalid({ lastDay: c.t('booking.error.day-order') })
    const known = await c.use(Families).schools({})
    const schoolIds = data.schools.map((text) => known.find(({ name, id }) => id === text || name.toLocaleLowerCase('fr') === text.toLocaleLowerCase('fr'))?.id)
    if (schoolIds.includes(undefined)) return c.invalid({ schools: c.t('booking.error.school', { names: known.map(({ name }) => name).join(', ') }) })
    const always = [{ weekdays: '1234567', limit: limitOf(data) }]
    let rules: Rules = { add: always, cancel: data.cancel, late: data.late, openOn: data.openOn, waitingList: data.waitingList, offerHours: data.offerHours }
    // Rules that differ by weekday are more than a form of fields can say.
    if (data.rulesJson !== undefined) {
      try {
        rules = parseRules(data.rulesJson)
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error
        return c.invalid({ rulesJson: c.t('booking.error.rules', { reason: error.message }) })
      }
    }
    const id = c.id()
    await c.transaction(async (tx) => {
      await tx.insertInto('activity').values({ id, name: data.name, kind: data.kind, first_day: data.firstDay, last_day: data.lastDay, rules: JSON.stringify(rules), approved_by_agent: data.approvedByAgent ? 1 : 0, archived: 0 }).execute()
      for (const schoolId of new Set(schoolIds)) if (schoolId !== undefined) await tx.insertInto('activity_school').values({ activity_id: id, school_id: schoolId }).execute()
    })
    await c.audit('activity.created', id, { name: data.name })
    return c.redirect('/gestion/activites', 'booking.notice.saved')
  }, async (c): Promise<Partial<Static<typeof Fields>>> => ({ kind: 'canteen', firstDay: `${Number(c.today().slice(0, 4)) - (c.today().slice(5) < '08-01' ? 1 : 0)}-09-01`, openOn: ['school'], schools: [], limitKind: 'days-before', limitNumber: 1, limitAt: '10:00', skipWeekends: true, cancel: 'same', late: 'refused', waitingList: true, offerHours: 24 }))

  k.form({ path: '/gestion/activites/:id/unites/ajouter', audience: 'agent', permission: 'activity.manage', title: 'booking.units.add', schema: UnitFields }, async (c, data, { params }) => {
    const activity = await c.db.selectFrom('activity').select('id').where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (activity === undefined) return c.notFound()
    if (data.endsAt <= data.startsAt) return c.invalid({ endsAt: c.t('booking.error.time-order') })
    const id = c.id()
    const { count } = await c.db.selectFrom('unit').select((is) => is.fn.countAll().as('count')).where('activity_id', '=', activity.id).executeTakeFirstOrThrow()
    await c.db.insertInto('unit').values({ id, activity_id: activity.id, name: data.unitName, kind: data.unitKind, starts_at: data.startsAt.slice(0, 5), ends_at: data.endsAt.slice(0, 5), weekdays: data.weekdays.toSorted().join(''), capacity: data.capacity ?? null, with_meal: data.withMeal ? 1 : 0, position: Number(count) }).execute()
    await c.audit('unit.created', id, { name: data.unitName })
    return c.redirect('/gestion/activites', 'booking.notice.saved')
  }, async (): Promise<Partial<Static<typeof UnitFields>>> => ({ unitKind: 'meal', weekdays: ['1', '2', '4', '5'] }))
}
