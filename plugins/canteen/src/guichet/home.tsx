import { addDays } from '@liberacces/sdk'
import { Families } from '@liberacces/plugin-families/contract'
import { GuichetService } from '@liberacces/sdk/slots'
import { ActionButton, Badge, ButtonLink, DataTable, EmptyState, Notice, Page, Section } from '@liberacces/sdk/ui'
import { readUnits } from '../booking/engine/situation.ts'
import { takePlace } from '../booking/waiting/offers.ts'
import { dayWords, instantWords } from '../booking/words/day-words.ts'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { BADGES } from './week-page.tsx'

/** The household's own page: places that are offered, what comes, what happened; and the history. */
export function registerHome(k: CanteenRegistrar): void {
  k.contribute(GuichetService, { title: 'booking.home.title', category: 'enfance', href: '/', description: 'booking.home.service', icon: 'utensils' })

  k.page({ path: '/', audience: 'citizen', permission: 'booking.own', title: 'booking.home.title', menu: 10 }, async (c) => {
    const households = await c.use(Families).ownHouseholds({})
    const ids = households.length === 0 ? [''] : households.map(({ id }) => id)
    const names = new Map(households.flatMap(({ children }) => children.map((child) => [child.id, child.firstName] as const)))
    const units = await readUnits(c.db)
    const rows = await c.db.selectFrom('booking').selectAll().where('household_id', 'in', ids).where('day', '>=', c.today()).where('day', '<=', addDays(c.today(), 21)).orderBy('day').orderBy('child_id').orderBy('unit_id').limit(60).execute()
    const offered = await c.db.selectFrom('booking').selectAll().where('household_id', 'in', ids).where('state', '=', 'waiting').where('offered_until', '>', c.now().toISOString()).orderBy('offered_until').execute()
    const news = await c.db.selectFrom('booking_log').selectAll().where('household_id', 'in', ids).where('action', 'in', ['closed', 'strike', 'refused', 'approved', 'expired']).where('at', '>=', `${addDays(c.today(), -14)}T00:00:00.000Z`).orderBy('id', 'desc').limit(10).execute()
    const decided = await c.db.selectFrom('enrolment').innerJoin('activity', 'activity.id', 'enrolment.activity_id').select(['enrolment.id', 'enrolment.child_id', 'enrolment.state', 'enrolment.reason', 'activity.name']).where('household_id', 'in', ids)
      .where('decided_at', '>=', `${addDays(c.today(), -14)}T00:00:00.000Z`).where('state', 'in', ['active', 'refused']).orderBy('decided_at', 'desc').limit(10).execute()
    return (
      <Page title={c.t('booking.home.title')} intro={c.t('booking.home.intro')}
        actions={<><ButtonLink kind="primary" href={c.url('/semaine')}>{c.t('booking.week.menu')}</ButtonLink><ButtonLink href={c.url('/recurrent')}>{c.t('booking.recurring.title')}</ButtonLink><ButtonLink href={c.url('/inscription')}>{c.t('booking.enrol.title')}</ButtonLink></>}>
        {households.length === 0 && <Notice kind="info" title={c.t('booking.home.no-family')}>{c.t('booking.home.no-family.detail')}</Notice>}
        {offered.map((row) => (
          <Notice key={row.id} kind="info" title={c.t('booking.home.offer', { child: names.get(row.child_id) ?? '', unit: units.get(row.unit_id)?.name ?? '', day: dayWords(row.day, c.locale) })}>
            <p>{c.t('booking.home.offer.until', { until: instantWords(row.offered_until ?? '', c.locale) })}</p>
            <ActionButton kind="primary" action={c.url(`/offres/${row.id}/accepter`)} label={c.t('booking.home.offer.take')} subject={`${names.get(row.child_id) ?? ''} ${dayWords(row.day, c.locale)}`} />
          </Notice>
        ))}
        {news.length + decided.length > 0 && (
          <Section title={c.t('booking.home.news')}>
            <ul>
              {decided.map((row) => <li key={row.id}>{c.t(`booking.home.enrolment.${row.state as 'active' | 'refused'}`, { child: names.get(row.child_id) ?? '', activity: row.name, reason: row.reason ?? '' })}</li>)}
              {news.map((line) => <li key={line.id}>{c.t(`booking.log.${line.action}`)} – {names.get(line.child_id) ?? ''}, {units.get(line.unit_id)?.name ?? ''}, {dayWords(line.day, c.locale)}{line.detail === null ? '' : `\u00a0: ${line.detail}`}</li>)}
            </ul>
          </Section>
        )}
        <Section title={c.t('booking.home.next')} actions={<a href={c.url('/historique')}>{c.t('booking.history.title')}</a>}>
          {rows.length === 0
            ? <EmptyState title={c.t('booking.home.none')} />
            : <DataTable caption={c.t('booking.home.next')} rows={rows} rowKey={({ id }) => id} columns={[
                { key: 'day', header: c.t('booking.column.day'), cell: ({ day }) => dayWords(day, c.locale) },
                // Before the others: on a phone the table is wider than the screen.
                { key: 'state', header: c.t('booking.column.state'), cell: ({ state }) => <Badge kind={BADGES[state]}>{c.t(`booking.state.${state}`)}</Badge> },
                { key: 'child_id', header: c.t('booking.column.child'), cell: ({ child_id }) => names.get(child_id) ?? '' },
                { key: 'unit_id', header: c.t('booking.column.unit'), cell: ({ unit_id }) => units.get(unit_id)?.name ?? '' },
              ]} />}
        </Section>
      </Page>
    )
  })

  k.action({ path: '/offres/:id/accepter', audience: 'citizen', permission: 'booking.own' }, async (c, { params }) => {
    const households = await c.use(Families).ownHouseholds({})
    switch (await takePlace(c, params['id'] ?? '', households.map(({ id }) => id))) {
      case 'taken': return c.redirect('/', 'booking.notice.taken')
      case 'expired': return c.invalid({ '': c.t('booking.home.offer.expired') })
      default: return c.notFound()
    }
  })

  k.page({ path: '/historique', audience: 'citizen', permission: 'booking.own', title: 'booking.history.title' }, async (c) => {
    const households = await c.use(Families).ownHouseholds({})
    const names = new Map(households.flatMap(({ children }) => children.map((child) => [child.id, child.firstName] as const)))
    const units = await readUnits(c.db)
    const lines = await c.db.selectFrom('booking_log').selectAll().where('household_id', 'in', households.length === 0 ? [''] : households.map(({ id }) => id)).orderBy('id', 'desc').limit(200).execute()
    return (
      <Page title={c.t('booking.history.title')} breadcrumb={[{ label: c.t('booking.home.title'), href: c.url('/') }]}>
        <DataTable caption={c.t('booking.history.title')} rows={lines} rowKey={({ id }) => id} empty={c.t('booking.history.none')} columns={[
          { key: 'at', header: c.t('booking.column.at'), cell: ({ at }) => instantWords(at, c.locale) },
          { key: 'action', header: c.t('booking.column.action'), cell: ({ action }) => c.t(`booking.log.${action}`) },
          { key: 'child_id', header: c.t('booking.column.child'), cell: ({ child_id }) => names.get(child_id) ?? '' },
          { key: 'unit_id', header: c.t('booking.column.unit'), cell: ({ unit_id }) => units.get(unit_id)?.name ?? '' },
          { key: 'day', header: c.t('booking.column.day'), cell: ({ day }) => dayWords(day, c.locale) },
        ]} />
      </Page>
    )
  })
}
