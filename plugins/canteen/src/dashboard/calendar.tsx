import { Families } from '@liberacces/plugin-families/contract'
import { addDays, Choice, Type, Upload } from '@liberacces/sdk'
import { ActionButton, ButtonLink, DataTable, Page, Section } from '@liberacces/sdk/ui'
import { declareClosure } from '../booking/calendar/closures.ts'
import { readHolidayCsv } from '../booking/calendar/holiday-csv.ts'
import { knownHolidays, ZONE_SPANS } from '../booking/calendar/known-years.ts'
import { storeHolidays } from '../booking/calendar/store-holidays.ts'
import { readCalendar } from '../booking/engine/situation.ts'
import { dateWords, dayWords } from '../booking/words/day-words.ts'
import type { CanteenRegistrar } from '../canteen-types.ts'

/** The calendar: holidays, closures and strikes. */
export function registerCalendar(k: CanteenRegistrar): void {
  k.page({ path: '/gestion/calendrier', audience: 'agent', permission: 'activity.manage', title: 'booking.calendar.title' }, async (c) => {
    const calendar = await readCalendar(c.db, c.settings)
    const schools = new Map((await c.use(Families).schools({})).map(({ id, name }) => [id, name]))
    return (
      <Page title={c.t('booking.calendar.title')} intro={calendar.known === undefined ? c.t('booking.alert.calendar.none') : c.t('booking.calendar.known', { zone: c.settings.zone, first: dateWords(calendar.known.firstDay, c.locale), last: dateWords(calendar.known.lastDay, c.locale) })}
        breadcrumb={[{ label: c.t('booking.dashboard.title'), href: c.url('/gestion') }]}
        actions={<><ButtonLink kind="primary" href={c.url('/gestion/calendrier/fermer')}>{c.t('booking.closure.add')}</ButtonLink><ButtonLink href={c.url('/gestion/calendrier/importer')}>{c.t('booking.calendar.import')}</ButtonLink><ActionButton action={c.url('/gestion/calendrier/connu')} label={c.t('booking.calendar.use-known')} /></>}>
        <Section title={c.t('booking.closure.list')}>
          <DataTable caption={c.t('booking.closure.list')} rows={calendar.closures.toReversed()} rowKey={({ id }) => id} empty={c.t('booking.closure.none')} columns={[
            { key: 'reason', header: c.t('field.reason') },
            { key: 'kind', header: c.t('booking.column.action'), cell: ({ kind }) => c.t(`field.closureKind.${kind}`) },
            { key: 'days', header: c.t('booking.column.period'), cell: ({ firstDay, lastDay }) => (firstDay === lastDay ? dayWords(firstDay, c.locale) : `${dayWords(firstDay, c.locale)} – ${dayWords(lastDay, c.locale)}`) },
            { key: 'school', header: c.t('booking.column.school'), cell: ({ schoolId }) => (schoolId === undefined ? c.t('booking.closure.everywhere') : schools.get(schoolId) ?? '–') },
            { key: 'undo', header: c.t('booking.column.undo'), cell: ({ id, reason }) => <ActionButton action={c.url(`/gestion/calendrier/${id}/retirer`)} label={c.t('booking.closure.remove')} subject={reason} confirm={c.t('booking.closure.remove.confirm')} /> },
          ]} />
        </Section>
        <Section title={c.t('booking.calendar.holidays')}>
          <DataTable caption={c.t('booking.calendar.holidays')} rows={calendar.holidays.filter(({ lastDay }) => lastDay >= c.today())} empty={c.t('booking.alert.calendar.none')} columns={[
            { key: 'name', header: c.t('booking.column.name') }, { key: 'firstDay', header: c.t('booking.column.from'), cell: ({ firstDay }) => dateWords(firstDay, c.locale) }, { key: 'lastDay', header: c.t('booking.column.to'), cell: ({ lastDay }) => dateWords(lastDay, c.locale) },
          ]} />
        </Section>
      </Page>
    )
  })

  k.action({ path: '/gestion/calendrier/connu', audience: 'agent', permission: 'activity.manage' }, async (c) => {
    await storeHolidays(c, knownHolidays(), ZONE_SPANS)
    await c.audit('calendar.stored', 'known', {})
    return c.redirect('/gestion/calendrier', 'booking.notice.saved')
  })

  k.form({ path: '/gestion/calendrier/importer', audience: 'agent', permission: 'activity.manage', title: 'booking.calendar.import', intro: 'booking.calendar.import.intro', schema: Type.Object({ file: Upload({ accept: ['text/csv', 'text/plain'], maxBytes: 2_000_000 }) }) }, async (c, { file }) => {
    const stored = await c.files.get(file.id)
    const bytes = stored === undefined ? new Uint8Array() : await stored.bytes()
    await c.files.delete(file.id)
    const reading = readHolidayCsv(bytes)
    if (!reading.ok) return c.invalid({ file: reading.problems.slice(0, 20).map(({ line, problem }) => c.t('booking.calendar.problem', { line, problem: c.t(`booking.calendar.problem.${problem}`) })).join(' ') })
    await storeHolidays(c, reading.holidays, reading.known)
    await c.audit('calendar.stored', 'file', { lastDay: reading.known[c.settings.zone].lastDay })
    return c.redirect('/gestion/calendrier', 'booking.notice.saved')
  })

  k.form({
    path: '/gestion/calendrier/fermer', audience: 'agent', permission: 'activity.manage', title: 'booking.closure.add', intro: 'booking.closure.intro',
    schema: Type.Object({ closureKind: Choice(['closure', 'strike']), firstDay: Type.String({ format: 'date' }), lastDay: Type.String({ format: 'date' }), school: Type.Optional(Type.String({ maxLength: 200 })), activity: Type.Optional(Type.String({ maxLength: 200 })), reason: Type.String({ minLength: 3, maxLength: 300 }) }),
  }, async (c, data) => {
    if (data.lastDay < data.firstDay || data.lastDay > addDays(data.firstDay, 366)) return c.invalid({ lastDay: c.t('booking.error.day-order') })
    const schools = await c.use(Families).schools({})
    const school = schools.find(({ id, name }) => id === data.school || name.toLocaleLowerCase('fr') === data.school?.toLocaleLowerCase('fr'))
    if (data.school !== undefined && school === undefined) return c.invalid({ school: c.t('booking.error.school', { names: schools.map(({ name }) => name).join(', ') }) })
    const activities = await c.db.selectFrom('activity').select(['id', 'name']).execute()
    const activity = activities.find(({ id, name }) => id === data.activity || name.toLocaleLowerCase('fr') === data.activity?.toLocaleLowerCase('fr'))
    if (data.activity !== undefined && activity === undefined) return c.invalid({ activity: c.t('booking.error.activity', { names: activities.map(({ name }) => name).join(', ') }) })
    await declareClosure(c, { kind: data.closureKind, firstDay: data.firstDay, lastDay: data.lastDay, schoolId: school?.id, activityId: activity?.id, reason: data.reason })
    return c.redirect('/gestion/calendrier', 'booking.notice.closed')
  }, async (c) => ({ closureKind: 'closure', firstDay: c.today(), lastDay: c.today() }))

  k.action({ path: '/gestion/calendrier/:id/retirer', audience: 'agent', permission: 'activity.manage' }, async (c, { params }) => {
    const { numDeletedRows } = await c.db.deleteFrom('closure').where('id', '=', params['id'] ?? '').executeTakeFirstOrThrow()
    if (Number(numDeletedRows) === 0) return c.notFound()
    await c.audit('closure.removed', params['id'] ?? '')
    return c.redirect('/gestion/calendrier', 'booking.notice.saved')
  })
}
