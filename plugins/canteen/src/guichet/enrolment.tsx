import { Families } from '@liberacces/plugin-families/contract'
import { Type } from '@liberacces/sdk'
import { Badge, ButtonLink, Card, CardList, EmptyState, Page, Section } from '@liberacces/sdk/ui'
import { readUnits, serves } from '../booking/engine/situation.ts'
import { timeWords, weekdayWord } from '../booking/words/day-words.ts'
import { limitsWords } from '../booking/words/limits-words.ts'
import type { CanteenRegistrar } from '../canteen-types.ts'

/** The démarche: choose a child and an activity, read the rules and confirm, then wait for the answer. */
export function registerEnrolment(k: CanteenRegistrar): void {
  k.page({ path: '/inscription', audience: 'citizen', permission: 'booking.own', title: 'booking.enrol.title' }, async (c) => {
    const children = (await c.use(Families).ownHouseholds({})).flatMap((household) => household.children)
    const activities = [...new Map([...(await readUnits(c.db)).values()].map(({ activity }) => [activity.id, activity])).values()].filter((each) => !each.archived && each.lastDay >= c.today())
    const enrolments = await c.db.selectFrom('enrolment').selectAll().where('child_id', 'in', children.length === 0 ? [''] : children.map(({ id }) => id)).execute()
    return (
      <Page title={c.t('booking.enrol.title')} intro={c.t('booking.enrol.intro')} breadcrumb={[{ label: c.t('booking.home.title'), href: c.url('/') }]}>
        {children.length === 0 || activities.length === 0 ? <EmptyState title={c.t('booking.enrol.none')} /> : (
          children.map((child) => (
            <Section key={child.id} title={`${child.firstName} ${child.lastName}`}>
              <CardList>
                {activities.filter((activity) => serves(activity, child)).map((activity) => {
                  const own = enrolments.filter((each) => each.child_id === child.id && each.activity_id === activity.id && each.last_day >= c.today() && each.state !== 'ended')
                  // A family that was refused and asked again reads how the new request stands.
                  const has = own.find(({ state }) => state !== 'refused') ?? own.toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1))[0]
                  return (
                    <Card key={activity.id} title={activity.name}>
                      {has !== undefined && <p><Badge kind={has.state === 'active' ? 'success' : has.state === 'refused' ? 'error' : 'info'}>{c.t(`booking.enrolment.${has.state}`)}</Badge></p>}
                      {has?.state === 'refused' && has.reason !== null && <p>{c.t('booking.enrol.refused', { reason: has.reason })}</p>}
                      {(has === undefined || has.state === 'refused') && <p><ButtonLink href={c.url(`/inscription/${child.id}/${activity.id}`)} subject={`${activity.name}, ${child.firstName}`}>{c.t(has === undefined ? 'booking.enrol.ask' : 'booking.enrol.ask-again')}</ButtonLink></p>}
                    </Card>
                  )
                })}
              </CardList>
            </Section>
          ))
        )}
      </Page>
    )
  })

  k.page({ path: '/inscription/:child/:activity', audience: 'citizen', permission: 'booking.own', title: 'booking.enrol.title' }, async (c, { params }) => {
    const child = (await c.use(Families).ownHouseholds({})).flatMap((household) => household.children).find(({ id }) => id === params['child'])
    const units = [...(await readUnits(c.db)).values()].filter(({ activity, lastDay }) => activity.id === params['activity'] && (lastDay === undefined || lastDay >= c.today()))
    const activity = units[0]?.activity
    if (child === undefined || activity === undefined) return c.notFound()
    const { cancel } = activity.rules
    const weekdays = [1, 2, 3, 4, 5, 6, 7].filter((each) => units.some((unit) => unit.weekdays.includes(String(each))))
    return (
      <Page title={c.t('booking.enrol.of', { child: child.firstName, activity: activity.name })} breadcrumb={[{ label: c.t('booking.home.title'), href: c.url('/') }, { label: c.t('booking.enrol.title'), href: c.url('/inscription') }]}>
        <p>{c.t('booking.enrol.rules')}</p>
        <Section title={c.t('booking.enrol.what')}>
          <ul>{units.map((unit) => <li key={unit.id}>{c.t('booking.enrol.unit', { unit: unit.name, from: timeWords(unit.startsAt, c.locale), to: timeWords(unit.endsAt, c.locale), weekdays: weekdays.filter((each) => unit.weekdays.includes(String(each))).map((each) => weekdayWord(each, c.locale)).join(', ') })}</li>)}</ul>
        </Section>
        <Section title={c.t('booking.enrol.add')}>
          <ul>
            {limitsWords(c, activity.rules.add, weekdays).map((words) => <li key={words}>{words}</li>)}
            <li>{c.t(`booking.enrol.late.${activity.rules.late}`)}</li>
          </ul>
        </Section>
        <Section title={c.t('booking.enrol.cancel')}>
          <ul>{(typeof cancel === 'string' ? [c.t(`booking.enrol.cancel.${cancel}`)] : limitsWords(c, cancel, weekdays)).map((words) => <li key={words}>{words}</li>)}</ul>
        </Section>
        {units.some(({ capacity }) => capacity !== undefined) && (
          <Section title={c.t('booking.enrol.full')}>
            <p>{activity.rules.waitingList ? c.t('booking.enrol.full.waiting', { hours: activity.rules.offerHours }) : c.t('booking.enrol.full.none')}</p>
          </Section>
        )}
        <ButtonLink kind="primary" href={c.url(`/inscription/${child.id}/${activity.id}/confirmer`)}>{c.t('booking.enrol.next')}</ButtonLink>
      </Page>
    )
  })

  k.form({
    path: '/inscription/:child/:activity/confirmer', audience: 'citizen', permission: 'booking.own', title: 'booking.enrol.confirm', submit: 'booking.enrol.send',
    schema: Type.Object({ firstDay: Type.String({ format: 'date' }), rulesRead: Type.Literal(true) }),
  }, async (c, { firstDay }, { params }) => {
    const child = (await c.use(Families).ownHouseholds({})).flatMap((household) => household.children).find(({ id }) => id === params['child'])
    const activity = [...(await readUnits(c.db)).values()].find((unit) => unit.activity.id === params['activity'])?.activity
    if (child === undefined || activity === undefined || activity.archived || !serves(activity, child)) return c.notFound()
    const from = firstDay < activity.firstDay ? activity.firstDay : firstDay
    if (from < c.today() || from > activity.lastDay) return c.invalid({ firstDay: c.t('booking.enrol.day') })
    const sent = await c.transaction(async (tx) => {
      const before = await tx.selectFrom('enrolment').select('id').where('child_id', '=', child.id).where('activity_id', '=', activity.id).where('state', 'in', ['requested', 'active']).where('last_day', '>=', from).executeTakeFirst()
      if (before !== undefined) return false
      await tx.insertInto('enrolment').values({ id: c.id(), child_id: child.id, household_id: child.householdId, activity_id: activity.id, first_day: from, last_day: activity.lastDay, state: 'requested', decided_at: null, created_at: c.now().toISOString(), requested_by: c.actor.kind === 'account' ? c.actor.id : null, reason: null }).execute()
      return true
    })
    return sent ? c.redirect('/inscription', 'booking.notice.enrolment-sent') : c.invalid({ '': c.t('booking.enrol.twice') })
  }, async (c) => ({ firstDay: c.today() }))
}
