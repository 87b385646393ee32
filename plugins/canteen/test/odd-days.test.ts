import { describe, expect, test } from 'vitest'
import type { Rules } from '../src/booking/deadlines/rules.ts'
import { addActivity, APP, cells, EASY, enrol, html, saveWeek, startCanteen } from './booking-kit.ts'
import { plain } from './plain.ts'

const HOUR_MS = 3_600_000
/** Until ten on Sunday before: in 2026 the Sundays of 29 March and 25 October are those on which clocks change. */
const SUNDAY_TEN: Rules = { ...EASY, cancel: 'same', openOn: ['school', 'holiday'], add: [{ weekdays: '1234567', limit: { kind: 'previous-weekday', weekday: 7, at: '10:00' } }] }

describe('on a day on which clocks change, the hour of a limit is that of the clock on the wall in Paris', () => {
  test.each([
    ['forward: ten is eight o’clock UTC', '2026-03-29T08:00:00Z', '2026-03-30', 'dimanche 29 mars'],
    ['back: ten is nine o’clock UTC', '2026-10-25T09:00:00Z', '2026-10-26', 'dimanche 25 octobre'],
  ])('%s', async (_name, ten, monday, sunday) => {
    const town = await startCanteen()
    await using platform = town.platform
    const { activityId } = await addActivity(town, { rules: SUNDAY_TEN })
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    // At ten sharp it is not over yet; whoever logged in before is by now logged out.
    platform.outside.advance(Date.parse(ten) - platform.outside.now())
    const parent = await platform.as('citizen')
    town.town.link('moreau', platform.tenant().accountOf(parent))
    const shown = await cells(parent, monday)
    expect(shown.map(({ day }) => day)).toContain(monday)
    expect(plain((await parent.get(`${APP}/semaine?lundi=${monday}`, html)).text)).toContain(`jusqu’au ${sunday}, 10 h`)
    const [first, second] = shown
    expect(await saveWeek(parent, monday, shown, [first?.key ?? ''])).toContain('Une modification est enregistrée')
    platform.outside.advance(1)
    const late = await saveWeek(parent, monday, [{ key: first?.key ?? '', booked: true }, { key: second?.key ?? '', booked: false }], [second?.key ?? ''])
    expect(late).toContain('2 modifications n’ont pas pu être enregistrées')
    expect(plain(late)).toContain(`Clos depuis ${sunday}, 10 h`)
    expect(plain(late)).toContain(`Ne s’annule plus depuis ${sunday}, 10 h`)
    await platform.settle()
  })

  test('a place that is offered for a day is held for 24 hours, be that day one of 23', async () => {
    const town = await startCanteen()
    await using platform = town.platform
    const { activityId } = await addActivity(town, { capacity: 1, rules: { ...SUNDAY_TEN, cancel: 'never', offerHours: 24 } })
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    const petit = await platform.as('citizen')
    town.town.link('petit', platform.tenant().accountOf(petit))
    await enrol(town, petit, 'petit-1', activityId, town.today)
    const [cell] = await cells(town.parent, '2026-03-30')
    const key = cell?.key ?? ''
    const theirs = key.replace('moreau-1', 'petit-1')
    await saveWeek(town.parent, '2026-03-30', [{ key, booked: false }], [key])
    await saveWeek(petit, '2026-03-30', [{ key: theirs, booked: false }], [theirs])
    // Saturday 28 March, 20:00 in Paris.
    platform.outside.advance(Date.parse('2026-03-28T19:00:00Z') - platform.outside.now())
    const [parent, waiting] = [await platform.as('citizen'), await platform.as('citizen')]
    town.town.link('moreau', platform.tenant().accountOf(parent))
    town.town.link('petit', platform.tenant().accountOf(waiting))
    await saveWeek(parent, '2026-03-30', [{ key, booked: true }], [])
    // 24 hours later the clock on the wall shows one hour more.
    expect(plain((await waiting.get(`${APP}/`, html)).text)).toContain('gardée jusqu’à dimanche 29 mars, 21 h')
    await platform.advance(24 * HOUR_MS - 1)
    const there = await platform.as('citizen')
    town.town.link('petit', platform.tenant().accountOf(there))
    expect((await there.get(`${APP}/`, html)).text).toContain('Accepter la place')
    await platform.advance(1)
    expect((await there.get(`${APP}/`, html)).text).not.toContain('Accepter la place')
  })
})

describe('29 February', () => {
  test('of 2028 is a day like others, of 2027 there is none, wherever a day is typed', async () => {
    const town = await startCanteen()
    await using platform = town.platform
    const made = await town.agent.submit(`${APP}/gestion/activites/ajouter`, {
      name: 'Accueil', kind: 'canteen', firstDay: '2026-02-29', lastDay: '2028-02-29', schools: '', openOn: 'school', limitKind: 'days-before', limitNumber: '1', limitAt: '10:00', cancel: 'same', late: 'refused', offerHours: '24', waitingList: 'true',
    })
    expect([made.status, made.text.match(/aria-invalid="true"/g)?.length]).toEqual([422, 1])
    const { activityId } = await addActivity(town, { lastDay: '2028-07-07' })
    expect((await town.parent.submit(`${APP}/inscription/moreau-1/${activityId}/confirmer`, { firstDay: '2027-02-29', rulesRead: 'true' })).status).toBe(422)
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    // A week that does not exist is today's; that of the leap day is its own, and past the calendar.
    expect((await town.parent.get(`${APP}/semaine?lundi=2027-02-29`, html)).text).toContain('Semaine du lundi 2 mars')
    const leap = (await town.parent.get(`${APP}/semaine?lundi=2028-02-29`, html)).text
    expect(['Semaine du lundi 28 février 2028', 'mar. 29 févr.'].filter((words) => !leap.includes(words))).toEqual([])
    expect(await cells(town.parent, '2028-02-29')).toEqual([])
    const close = (day: string) => town.agent.submit(`${APP}/gestion/calendrier/fermer`, { closureKind: 'closure', firstDay: day, lastDay: day, reason: 'travaux' })
    expect([(await close('2027-02-29')).status, (await close('2028-02-29')).status]).toEqual([422, 303])
    expect((await town.parent.submit(`${APP}/semaine/copier`, { week: '2026-03-02', until: '2027-02-29' })).status).toBe(422)
    expect((await town.parent.submit(`${APP}/recurrent/enregistrer`, { du: '2026-03-02', au: '2027-02-29', motif: ['moreau-1|x|1'] }, `${APP}/recurrent`)).headers['location']).toContain('erreur=periode')
    await platform.settle()
  })

  test('can be booked once the calendar knows it, and one day before it is the 28th', async () => {
    const town = await startCanteen()
    await using platform = town.platform
    const days = Array.from({ length: 1_000 }, (_, place) => new Date(Date.parse('2026-01-01T00:00:00Z') + place * 86_400_000).toISOString().slice(0, 10))
    const csv = ['date,vacances_zone_a,vacances_zone_b,vacances_zone_c,nom_vacances', ...days.map((day) => (/-0[78]-/.test(day) ? `${day},True,True,True,Vacances d'été` : `${day},False,False,False,`))].join('\n')
    const read = await town.agent.submit(`${APP}/gestion/calendrier/importer`, { file: new File([csv], 'vacances.csv', { type: 'text/csv' }) })
    expect(read.status, read.text).toBe(303)
    const { activityId } = await addActivity(town, { rules: { ...EASY, add: [{ weekdays: '1234567', limit: { kind: 'days-before', days: 1, at: '10:00', skip: [] } }] }, lastDay: '2028-07-07' })
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    const shown = await cells(town.parent, '2028-02-28')
    expect(shown.map(({ day }) => day)).toEqual(['2028-02-28', '2028-02-29', '2028-03-02', '2028-03-03'])
    expect(plain((await town.parent.get(`${APP}/semaine?lundi=2028-02-28`, html)).text)).toContain('jusqu’au lundi 28 février, 10 h')
    expect(await saveWeek(town.parent, '2028-02-28', shown, [shown[1]?.key ?? ''])).toContain('Une modification est enregistrée')
    await platform.settle()
  })
})
