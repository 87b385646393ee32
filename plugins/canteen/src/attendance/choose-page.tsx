import { Families } from '@liberacces/plugin-families/contract'
import { Type } from '@liberacces/sdk'
import { ButtonLink, Card, CardList, EmptyState, Form, Page, Section } from '@liberacces/sdk/ui'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { dayName } from './day-name.ts'
import { PageTexts } from './page-texts.tsx'
import { unitsOfDay } from './units-of-day.ts'

/** The lists of a day: one for each unit, school and class. What could not be sent from this device yet goes on from here too. */
export function registerChoosePage(k: CanteenRegistrar): void {
  k.page({ path: '/pointage', audience: 'agent', permission: 'attendance.record', title: 'attendance.title', menu: 41, query: Type.Object({ jour: Type.Optional(Type.String({ format: 'date' })) }), browser: { script: 'checkin', offline: true } }, async (c, { query }) => {
    const day = query.jour ?? c.today()
    const units = await unitsOfDay(c.db, day)
    const schools = await c.use(Families).schools({})
    const served = await c.db.selectFrom('activity_school').selectAll().execute()
    const counts = new Map((await c.db.selectFrom('booking').select((eb) => ['unit_id', eb.fn.countAll().as('count')]).where('day', '=', day).where('state', 'in', ['booked', 'present', 'absent-justified', 'absent-unjustified']).groupBy('unit_id').execute()).map((row) => [row.unit_id, Number(row.count)]))
    const list = (unit: string, ecole?: string, classe?: string) => c.url('/pointage/liste', { unite: unit, jour: day, ecole, classe })
    return (
      <Page title={c.t('attendance.title')} intro={dayName(c.locale, day)} actions={<><ButtonLink href={c.url('/badges')}>{c.t('attendance.badges.title')}</ButtonLink><ButtonLink href={c.url('/commandes', { jour: day })}>{c.t('attendance.orders.title')}</ButtonLink></>}>
        <div id="pointage-etat" class="la-notice la-notice-info" role="status" hidden />
        <ul id="pointage-refus" hidden />
        <Form method="get" action={c.url('/pointage')}>
          <div class="la-field"><label for="jour">{c.t('attendance.day')}</label><input id="jour" type="date" name="jour" value={day} /></div>
          <button type="submit" class="la-button">{c.t('attendance.day.show')}</button>
        </Form>
        {units.length === 0 && <EmptyState title={c.t('attendance.none')} />}
        {units.map((unit) => {
          const ids = served.filter((row) => row.activity_id === unit.activityId).map((row) => row.school_id)
          const mine = ids.length === 0 ? schools : schools.filter(({ id }) => ids.includes(id))
          return (
            <Section key={unit.id} title={unit.activity === unit.name ? unit.name : `${unit.activity} – ${unit.name}`} actions={<ButtonLink href={list(unit.id)} subject={unit.name}>{c.t('attendance.all', { count: counts.get(unit.id) ?? 0 })}</ButtonLink>}>
              <CardList>
                {mine.map((school) => (
                  <Card key={school.id} title={school.name} href={list(unit.id, school.id)} meta={`${clock(unit.startsAt)} – ${clock(unit.endsAt)}`}>
                    {school.classes.length > 0 && <ul class="la-links">{school.classes.map((one) => <li key={one.id}><a href={list(unit.id, school.id, one.id)}>{one.name}<span class="la-hidden-text"> {school.name}, {unit.name}</span></a></li>)}</ul>}
                  </Card>
                ))}
              </CardList>
            </Section>
          )
        })}
        <PageTexts c={c} values={{ changes: c.url('/pointage/changements'), actor: c.actor.id }} />
      </Page>
    )
  })
}

function clock(time: string): string {
  const [hours = '', minutes = ''] = time.split(':')
  return `${Number(hours)}\u00a0h${minutes === '00' ? '' : `\u00a0${minutes}`}`
}
