import { Families, type SchoolCard } from '@liberacces/plugin-families/contract'
import { addDays, LongText, Type } from '@liberacces/sdk'
import { BureauTile } from '@liberacces/sdk/slots'
import { ActionButton, Actions, ButtonLink, DataTable, Notice, Page, Section, Tile } from '@liberacces/sdk/ui'
import { decideEnrolment } from '../booking/enrolment-decision.ts'
import { decideRequest } from '../booking/engine/decide-request.ts'
import { readCalendar, readUnits } from '../booking/engine/situation.ts'
import { dateWords, dayWords } from '../booking/words/day-words.ts'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'

/** Days ahead of which the calendar must be known. */
const CALENDAR_NOTICE_DAYS = 60

/** What the family reads. */
const RefusalForm = Type.Object({ reason: LongText({ minLength: 5, maxLength: 1_000 }) })

/** Whoever is expected or came on a day, by what it is called: each school has its own meal, and they are counted as meals. */
async function countsOf(c: CanteenContext, day: string): Promise<readonly { readonly unit: string; readonly count: number }[]> {
  const units = await readUnits(c.db)
  const rows = await c.db.selectFrom('booking').select((is) => ['unit_id', is.fn.countAll().as('count')]).where('day', '=', day).where('state', 'in', ['booked', 'present']).groupBy('unit_id').execute()
  return [...Map.groupBy(rows, ({ unit_id: id }) => units.get(id)?.name ?? '')].map(([unit, own]) => ({ unit, count: own.reduce((sum, { count }) => sum + Number(count), 0) })).toSorted((a, b) => (a.unit < b.unit ? -1 : 1))
}

/** The agent's dashboard: today by activity and school, what needs looking after, what is to be decided; and the tile. */
export function registerDashboard(k: CanteenRegistrar): void {
  k.contribute(BureauTile, {
    title: 'booking.dashboard.title', icon: 'utensils', order: 30, permission: 'booking.read',
    render: async (c) => {
      const counts = await countsOf(c, c.today())
      const requests = Number((await c.db.selectFrom('enrolment').select((is) => is.fn.countAll().as('count')).where('state', '=', 'requested').executeTakeFirstOrThrow()).count)
      return (
        <Tile href={c.url('/gestion')} linkLabel={c.t('booking.dashboard.open')}>
          {counts.length === 0 ? <p>{c.t('booking.dashboard.nobody')}</p> : <ul>{counts.map(({ unit, count }) => <li key={unit}>{c.t('booking.dashboard.count', { unit, count })}</li>)}</ul>}
          {requests > 0 && <p>{c.t('booking.dashboard.requests', { count: requests })}</p>}
        </Tile>
      )
    },
  })

  k.page({ path: '/gestion', audience: 'agent', permission: 'booking.read', title: 'booking.dashboard.title', menu: 10 }, async (c) => {
    const units = await readUnits(c.db)
    const calendar = await readCalendar(c.db, c.settings)
    const schools: readonly SchoolCard[] = await c.use(Families).schools({})
    const today = await c.db.selectFrom('booking').select(['unit_id', 'child_id']).where('day', '=', c.today()).where('state', 'in', ['booked', 'present']).execute()
    const requests = await c.db.selectFrom('enrolment').selectAll().where('state', '=', 'requested').orderBy('id').limit(100).execute()
    const asked = await c.db.selectFrom('booking').selectAll().where('state', '=', 'requested').where('day', '>=', c.today()).orderBy('day').orderBy('id').limit(100).execute()
    const waiting = await c.db.selectFrom('booking').select((is) => ['unit_id', 'day', is.fn.countAll().as('count')]).where('state', '=', 'waiting').where('day', '>=', c.today()).groupBy(['unit_id', 'day']).orderBy('day').limit(20).execute()
    const children = new Map((await c.use(Families).children({ ids: [...new Set([...today, ...requests, ...asked].map(({ child_id }) => child_id))].slice(0, 1_000), on: c.today() })).map((child) => [child.id, child]))
    const rows = [...Map.groupBy(today, ({ unit_id: id }) => units.get(id)?.name ?? '')].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([unit, own]) => ({ unit, bySchool: Map.groupBy(own, ({ child_id }) => children.get(child_id)?.schoolId ?? ''), total: own.length }))
    const name = (childId: string): string => { const child = children.get(childId); return child === undefined ? '–' : `${child.firstName} ${child.lastName}` }
    const known = calendar.known?.lastDay
    return (
      <Page title={c.t('booking.dashboard.title')} intro={dayWords(c.today(), c.locale)} actions={<>
        {c.actor.can('activity.manage') && <><ButtonLink href={c.url('/gestion/activites')}>{c.t('booking.activities.title')}</ButtonLink><ButtonLink href={c.url('/gestion/calendrier')}>{c.t('booking.calendar.title')}</ButtonLink></>}
        {c.actor.can('booking.manage') && <><ButtonLink href={c.url('/gestion/foyers')}>{c.t('booking.households.title')}</ButtonLink><ButtonLink href={c.url('/gestion/importer')}>{c.t('booking.import.title')}</ButtonLink></>}
      </>}>
        {(known === undefined || known < addDays(c.today(), CALENDAR_NOTICE_DAYS)) && (
          <Notice kind="warning" title={c.t('booking.alert.calendar')}>{known === undefined ? c.t('booking.alert.calendar.none') : c.t('booking.alert.calendar.until', { day: dateWords(known, c.locale) })}</Notice>
        )}
        <Section title={c.t('booking.dashboard.today')}>
          <DataTable caption={c.t('booking.dashboard.today')} rows={rows} rowKey={({ unit }) => unit} empty={c.t('booking.dashboard.nobody')} columns={[
            { key: 'unit', header: c.t('booking.column.unit') },
            ...schools.map((school) => ({ key: school.id, header: school.name, numeric: true, cell: ({ bySchool }: (typeof rows)[number]) => String(bySchool.get(school.id)?.length ?? 0) })),
            { key: 'total', header: c.t('booking.column.total'), numeric: true },
          ]} />
        </Section>
        <Section title={c.t('booking.dashboard.decide')}>
          <DataTable caption={c.t('booking.dashboard.decide')} rows={requests} rowKey={({ id }) => id} empty={c.t('booking.dashboard.decide.none')} columns={[
            { key: 'child', header: c.t('booking.column.child'), cell: ({ child_id }) => name(child_id) },
            { key: 'activity', header: c.t('booking.column.activity'), cell: ({ activity_id }) => [...units.values()].find(({ activity }) => activity.id === activity_id)?.activity.name ?? '' },
            { key: 'first_day', header: c.t('booking.column.from'), cell: ({ first_day }) => dayWords(first_day, c.locale) },
            { key: 'decide', header: c.t('booking.column.action'), cell: ({ id, child_id }) => (c.actor.can('booking.manage') ? <Actions>
              <ActionButton kind="primary" action={c.url(`/gestion/inscriptions/${id}/accepter`)} label={c.t('booking.decide.accept')} subject={name(child_id)} />
              <ButtonLink href={c.url(`/gestion/inscriptions/${id}/refuser`)} subject={name(child_id)}>{c.t('booking.decide.refuse')}</ButtonLink>
            </Actions> : '–') },
          ]} />
          {asked.length > 0 && <DataTable caption={c.t('booking.dashboard.asked')} rows={asked} rowKey={({ id }) => id} columns={[
            { key: 'child', header: c.t('booking.column.child'), cell: ({ child_id }) => name(child_id) },
            { key: 'unit', header: c.t('booking.column.unit'), cell: ({ unit_id }) => units.get(unit_id)?.name ?? '' },
            { key: 'day', header: c.t('booking.column.day'), cell: ({ day }) => dayWords(day, c.locale) },
            { key: 'decide', header: c.t('booking.column.action'), cell: ({ id, child_id }) => (c.actor.can('booking.manage') ? <Actions>
              <ActionButton kind="primary" action={c.url(`/gestion/reservations/${id}/accepter`)} label={c.t('booking.decide.accept')} subject={name(child_id)} />
              <ActionButton action={c.url(`/gestion/reservations/${id}/refuser`)} label={c.t('booking.decide.refuse')} subject={name(child_id)} confirm={c.t('booking.decide.refuse.confirm')} />
            </Actions> : '–') },
          ]} />}
        </Section>
        {waiting.length > 0 && <Section title={c.t('booking.alert.waiting')}>
          <ul>{waiting.map(({ unit_id, day, count }) => <li key={`${unit_id} ${day}`}>{c.t('booking.alert.waiting.line', { unit: units.get(unit_id)?.name ?? '', day: dayWords(day, c.locale), count: Number(count) })}</li>)}</ul>
        </Section>}
      </Page>
    )
  })

  k.action({ path: '/gestion/inscriptions/:id/accepter', audience: 'agent', permission: 'booking.manage' }, async (c, { params }) => (
    await decideEnrolment(c, params['id'] ?? '', 'active', null) ? c.redirect('/gestion', 'booking.notice.decided') : c.notFound()
  ))
  k.form({ path: '/gestion/inscriptions/:id/refuser', audience: 'agent', permission: 'booking.manage', title: 'booking.decide.refuse.title', intro: 'booking.decide.refuse.intro', submit: 'booking.decide.refuse', schema: RefusalForm }, async (c, { reason }, { params }) => (
    await decideEnrolment(c, params['id'] ?? '', 'refused', reason) ? c.redirect('/gestion', 'booking.notice.decided') : c.notFound()
  ), async (c, { params }) => {
    const asked = await c.db.selectFrom('enrolment').select('id').where('id', '=', params['id'] ?? '').where('state', '=', 'requested').executeTakeFirst()
    return asked === undefined ? undefined : {}
  })

  for (const [path, decision] of [['accepter', 'approve'], ['refuser', 'refuse']] as const) {
    k.action({ path: `/gestion/reservations/:id/${path}`, audience: 'agent', permission: 'booking.manage' }, async (c, { params }) => {
      const id = params['id'] ?? ''
      const outcome = await decideRequest(c, id, decision)
      if (outcome === 'unknown') return c.notFound()
      await c.audit(`booking.${outcome}`, id)
      return c.redirect('/gestion', 'booking.notice.decided')
    })
  }
}
