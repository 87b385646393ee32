import { Families } from '@liberacces/plugin-families/contract'
import { addDays, daysFrom, mondayOf, parseDay, Type, weekdayOf } from '@liberacces/sdk'
import { Form, Notice, Page, TextInput, WeekGrid } from '@liberacces/sdk/ui'
import { fulfil, type Outcome, type Wish } from '../booking/engine/book.ts'
import { cellKey, readSituation, readUnits, serves } from '../booking/engine/situation.ts'
import { weekdayWord } from '../booking/words/day-words.ts'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import { outcomeQuery } from './register-week.ts'
import { daysOfWeek } from './week.ts'

const WEEKDAYS = [1, 2, 3, 4, 5] as const
/** Longest period of one pattern, in days: a school year. */
const LONGEST = 370
/** Wishes of one transaction. */
const AT_ONCE = 100

/** A weekly pattern over a period, and a week copied onto the next ones. */
export function registerRecurring(k: CanteenRegistrar): void {
  k.page({ path: '/recurrent', audience: 'citizen', permission: 'booking.own', title: 'booking.recurring.title', query: Type.Object({ erreur: Type.Optional(Type.String({ maxLength: 20 })) }) }, async (c, { query }) => {
    const children = (await c.use(Families).ownHouseholds({})).flatMap((household) => household.children)
    const situation = await readSituation(c, c.db, children.map(({ id }) => id), c.today(), c.today())
    const units = [...situation.units.values()].filter(({ lastDay }) => lastDay === undefined || lastDay >= c.today())
    const [known, longest] = [situation.calendar.known?.lastDay ?? '', addDays(c.today(), LONGEST)]
    const lastOffered = known < longest ? known : longest
    return (
      <Page title={c.t('booking.recurring.title')} intro={c.t('booking.recurring.intro')} breadcrumb={[{ label: c.t('booking.home.title'), href: c.url('/') }]}>
        {query.erreur !== undefined && <Notice kind="error" title={c.t('booking.recurring.error')} />}
        <Form action={c.url('/recurrent/enregistrer')}>
          <TextInput type="date" name="du" label={c.t('booking.recurring.from')} value={c.today()} />
          <TextInput type="date" name="au" label={c.t('booking.recurring.to')} value={lastOffered} />
          {children.map((child) => {
            const own = units.filter((unit) => serves(unit.activity, child) && situation.enrolments.some((each) => each.child_id === child.id && each.activity_id === unit.activity.id && each.state === 'active'))
            return own.length === 0 ? null : (
              <WeekGrid key={child.id} caption={`${child.firstName} ${child.lastName}`} name="motif" columns={WEEKDAYS.map((weekday) => ({ key: String(weekday), label: weekdayWord(weekday, c.locale) }))}
                rows={own.map((unit) => ({ key: `${child.id}-${unit.id}`, label: unit.name, cells: WEEKDAYS.map((weekday) => (unit.weekdays.includes(String(weekday)) ? { value: `${child.id}|${unit.id}|${weekday}` } : {})) }))} />
            )
          })}
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{c.t('booking.recurring.save')}</button></div>
        </Form>
      </Page>
    )
  })

  k.form({
    path: '/recurrent/enregistrer', audience: 'citizen', permission: 'booking.own', title: 'booking.recurring.title',
    schema: Type.Object({ du: Type.String({ maxLength: 10, default: '' }), au: Type.String({ maxLength: 10, default: '' }), motif: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 200, default: [] }) }),
  }, async (c, data) => {
    const [first, last] = [parseDay(data.du), parseDay(data.au)]
    if (first === undefined || last === undefined || last < first || last > addDays(first, LONGEST) || data.motif.length === 0) return c.redirect('/recurrent?erreur=periode')
    const children = (await c.use(Families).ownHouseholds({})).flatMap((household) => household.children)
    const units = await readUnits(c.db)
    const wishes = data.motif.flatMap((text): readonly Wish[] => {
      const [childId, unitId = '', weekday = ''] = text.split('|')
      const child = children.find(({ id }) => id === childId)
      if (child === undefined || !units.has(unitId)) return []
      return daysFrom(first, last).filter((day) => String(weekdayOf(day)) === weekday).map((day) => ({ child, unitId, day, wish: 'add' }))
    })
    const outcomes = await inTurns(c, wishes)
    // Days without school are no refusals of a pattern over a year; what was booked before is as wished.
    return c.redirect(`/semaine?${outcomeQuery(outcomes.filter((each) => each.ok || !['day-kind', 'booked-before', 'past', 'weekday'].includes(each.refusal.code)), mondayOf(first))}`)
  }, async () => undefined)

  k.form({
    path: '/semaine/copier', audience: 'citizen', permission: 'booking.own', title: 'booking.copy.title', intro: 'booking.copy.intro', submit: 'booking.copy.save',
    schema: Type.Object({ week: Type.String({ format: 'date' }), until: Type.String({ format: 'date' }) }),
  }, async (c, { week, until }) => {
    const monday = mondayOf(week)
    if (until <= addDays(monday, 6)) return c.invalid({ until: c.t('booking.copy.too-early') })
    if (until > addDays(monday, LONGEST)) return c.invalid({ until: c.t('booking.copy.too-late') })
    const children = (await c.use(Families).ownHouseholds({})).flatMap((household) => household.children)
    const { bookings } = await readSituation(c, c.db, children.map(({ id }) => id), monday, addDays(monday, 6))
    const wishes: Wish[] = []
    for (let target = addDays(monday, 7); target <= until; target = addDays(target, 7)) {
      for (const [place, day] of daysOfWeek(monday).entries()) {
        const onto = addDays(target, place)
        if (onto > until) continue
        for (const child of children) for (const { unit_id: unitId, state } of [...bookings.values()].filter((row) => row.child_id === child.id && row.day === day)) if (state !== 'refused') wishes.push({ child, unitId, day: onto, wish: 'add' })
      }
    }
    const outcomes = await inTurns(c, wishes)
    return c.redirect(`/semaine?${outcomeQuery(outcomes.filter((each) => each.ok || !['day-kind', 'booked-before'].includes(each.refusal.code)), addDays(monday, 7))}`)
  }, async (c) => ({ week: mondayOf(c.today()), until: addDays(mondayOf(c.today()), 13) }))
}

/** A year of a pattern is more than one transaction should hold. */
async function inTurns(c: CanteenContext, wishes: readonly Wish[]): Promise<readonly Outcome[]> {
  const seen = new Map(wishes.map((wish) => [cellKey(wish.child.id, wish.unitId, wish.day), wish]))
  const all = [...seen.values()]
  const outcomes: Outcome[] = []
  for (let start = 0; start < all.length; start += AT_ONCE) outcomes.push(...await c.transaction((tx) => fulfil(c, tx, all.slice(start, start + AT_ONCE), { asker: 'family', origin: 'recurring' })))
  return outcomes
}
