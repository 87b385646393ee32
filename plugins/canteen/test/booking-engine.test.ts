import { addDays, mondayOf } from '@liberacces/sdk'
import { describe, expect, test } from 'vitest'
import { dayKind } from '../src/booking/calendar/day-kind.ts'
import { KNOWN_YEARS, knownHolidays } from '../src/booking/calendar/known-years.ts'
import { addActivity, APP, cells, EASY, enrol, html, mailsOf, saveWeek, startCanteen } from './booking-kit.ts'
import { plain } from './plain.ts'

/** The first week of five school days that lies ahead. */
function schoolWeek(today: string): string {
  const calendar = { known: KNOWN_YEARS, holidays: knownHolidays().filter(({ zone }) => zone === 'A'), closures: [], alsaceMoselle: false }
  let monday = addDays(mondayOf(today), 7)
  while (![0, 1, 2, 3, 4].every((days) => dayKind(addDays(monday, days), calendar).kind === 'school')) monday = addDays(monday, 7)
  return monday
}

describe('a week of a family', () => {
  test('is booked and cancelled in one form, says what is closed and why, and keeps a history', async () => {
    const town = await startCanteen()
    await using platform = town.platform
    const monday = schoolWeek(town.today)
    const { activityId } = await addActivity(town)
    expect((await town.parent.get(`${APP}/semaine?lundi=${monday}`, html)).text).toContain('Aucune inscription pour cette semaine')
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    const shown = await cells(town.parent, monday)
    expect(shown.map(({ day, booked }) => [day, booked])).toEqual([0, 1, 3, 4].map((days) => [addDays(monday, days), false]))
    const page = await saveWeek(town.parent, monday, shown, [shown[0]?.key ?? '', shown[1]?.key ?? ''])
    expect(page).toContain('2 modifications sont enregistrées')
    expect(page).toContain('Pas d’accueil le mercredi')
    const again = await cells(town.parent, monday)
    expect(again.map(({ booked }) => booked)).toEqual([true, true, false, false])
    expect(await saveWeek(town.parent, monday, again, [shown[1]?.key ?? ''])).toContain('Une modification est enregistrée')
    expect((await cells(town.parent, monday)).map(({ booked }) => booked)).toEqual([false, true, false, false])
    const history = (await town.parent.get(`${APP}/historique`, html)).text
    expect(['réservé', 'annulé', 'Lina'].filter((word) => !history.includes(word))).toEqual([])
    // A cell of another family is nobody's business.
    const foreign = (shown[2]?.key ?? '').replace('moreau-1', 'petit-1')
    await saveWeek(town.parent, monday, [{ key: foreign, booked: false }], [foreign])
    expect((await town.agent.get(`${APP}/gestion/export/reservations.csv?du=${monday}`)).text.match(/\r\n/g)).toHaveLength(2)
    await platform.settle()
  })

  test('a strike cancels what was booked, says why, and opens nothing', async () => {
    const town = await startCanteen()
    await using platform = town.platform
    const monday = schoolWeek(town.today)
    const { activityId } = await addActivity(town)
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    const shown = await cells(town.parent, monday)
    await saveWeek(town.parent, monday, shown, shown.map(({ key }) => key))
    expect((await town.agent.submit(`${APP}/gestion/calendrier/fermer`, { closureKind: 'strike', firstDay: monday, lastDay: monday, reason: 'mouvement national' })).status).toBe(303)
    await platform.settle()
    const page = (await town.parent.get(`${APP}/semaine?lundi=${monday}`, html)).text
    expect(plain(page)).toContain('Grève : mouvement national. Rien n’est facturé.')
    expect((await cells(town.parent, monday)).map(({ day }) => day)).not.toContain(monday)
    expect(plain((await town.parent.get(APP + '/', html)).text)).toContain('annulé : grève')
    expect(mailsOf(platform).map(({ subject }) => subject)).toEqual(['Réservations annulées\u00a0: grève'])
  })

  test('a pattern is booked over a period, and a week is copied onto the next; days without school are left out, and what changes nothing says so', async () => {
    const town = await startCanteen()
    await using platform = town.platform
    const monday = schoolWeek(town.today)
    const { activityId } = await addActivity(town)
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    const unitId = (await cells(town.parent, monday))[0]?.key.split('|')[1] ?? ''
    const pattern = await town.parent.submit(`${APP}/recurrent/enregistrer`, { du: monday, au: addDays(monday, 6), motif: [`moreau-1|${unitId}|1`, `moreau-1|${unitId}|3`] }, `${APP}/recurrent`)
    expect(pattern.status).toBe(303)
    // Nothing takes place on a Wednesday here.
    expect((await cells(town.parent, monday)).map(({ booked }) => booked)).toEqual([true, false, false, false])
    const copy = async (): Promise<string> => {
      const answer = await town.parent.submit(`${APP}/semaine/copier`, { week: monday, until: addDays(monday, 13) })
      return (await town.parent.get(answer.headers['location'] ?? '', html)).text
    }
    expect(await copy()).toContain('est enregistrée')
    expect(await copy()).toContain('Rien à changer')
    const [next] = await cells(town.parent, addDays(monday, 7))
    expect([next?.day, next?.booked]).toEqual([addDays(monday, 7), true])
    await platform.settle()
  })

  test('where an agent decides, a request is booked, waits for want of a place, or is refused; nothing is decided twice', async () => {
    const town = await startCanteen()
    await using platform = town.platform
    const monday = schoolWeek(town.today)
    const { activityId } = await addActivity(town, { approved: true, capacity: 1 })
    const keys: string[] = []
    for (const id of ['moreau', town.town.addHousehold({ id: 'robin' }), town.town.addHousehold({ id: 'vidal' })]) {
      town.town.link(id, platform.tenant().accountOf(town.parent))
      await enrol(town, town.parent, `${id}-1`, activityId, town.today)
      keys.push(((await cells(town.parent, monday)).find(({ key, day }) => key.startsWith(`${id}-1|`) && day === monday))?.key ?? '')
    }
    await saveWeek(town.parent, monday, keys.map((key) => ({ key, booked: false })), keys)
    const page = (await town.agent.get(`${APP}/gestion`, html)).text
    const ids = [...page.matchAll(/reservations\/([0-9a-f-]{36})\/accepter/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(3)
    const decide = async (id: string | undefined, how: string): Promise<number> => (await town.agent.submit(`${APP}/gestion/reservations/${id}/${how}`, {}, `${APP}/gestion`)).status
    expect([await decide(ids[0], 'accepter'), await decide(ids[1], 'accepter'), await decide(ids[2], 'refuser'), await decide(ids[0], 'refuser')]).toEqual([303, 303, 303, 404])
    const states = (await town.agent.get(`${APP}/gestion/export/reservations.csv?du=${monday}&au=${monday}`)).text
    expect([';réservé;', 'liste d’attente', 'refusé'].map((state) => states.split(state).length - 1)).toEqual([1, 1, 1])
    await platform.settle()
  })

  test('past the known calendar nothing can be booked, and the agent is warned', async () => {
    const town = await startCanteen()
    await using _platform = town.platform
    const { activityId } = await addActivity(town)
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    const beyond = mondayOf('2027-09-15')
    expect(await cells(town.parent, beyond)).toEqual([])
    expect((await town.parent.get(`${APP}/semaine?lundi=${beyond}`, html)).text).toContain('n’est pas encore connu')
    town.platform.outside.advance(Date.parse('2027-08-01T08:00:00Z') - town.platform.outside.now())
    const agent = await town.platform.as('agent.enfance')
    expect((await agent.get(`${APP}/gestion`, html)).text).toContain('Le calendrier scolaire est à compléter')
  })
})

describe('places', () => {
  test('a hundred families at once: as many are booked as there are places, the others wait in order, nobody twice', async () => {
    const town = await startCanteen()
    await using platform = town.platform
    const monday = schoolWeek(town.today)
    const capacity = 30
    const { activityId } = await addActivity(town, { capacity })
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    const [first] = await cells(town.parent, monday)
    const key = first?.key ?? ''
    // One account answers for all of them: what is tried is a hundred requests at once, not a hundred logins.
    const households = Array.from({ length: 100 }, (_, number) => town.town.addHousehold({ id: `foule-${number}` }))
    for (const id of households) {
      town.town.link(id, platform.tenant().accountOf(town.parent))
      await enrol(town, town.parent, `${id}-1`, activityId, town.today)
    }
    // Each family presses twice.
    const answers = await Promise.all(households.flatMap((id) => [0, 1].map(async () => {
      const own = key.replace('moreau-1', `${id}-1`)
      return (await town.parent.submit(`${APP}/semaine/enregistrer`, { lundi: monday, montre: [`${own}|0`], jour: [own] }, `${APP}/semaine/copier`)).status
    })))
    expect(new Set(answers)).toEqual(new Set([303]))
    const csv = (await town.agent.get(`${APP}/gestion/export/reservations.csv?du=${monday}&au=${monday}`)).text.split('\r\n').slice(1).filter((line) => line !== '')
    expect(csv).toHaveLength(100)
    expect(csv.filter((line) => line.includes(';réservé;'))).toHaveLength(capacity)
    expect(csv.filter((line) => line.includes('liste d’attente'))).toHaveLength(100 - capacity)
    expect(new Set(csv.map((line) => line.split(';')[0])).size).toBe(100)
  }, 120_000)

  test('a place that comes free is offered to who waits longest, for a time; then to the next', async () => {
    const town = await startCanteen()
    await using platform = town.platform
    const monday = schoolWeek(addDays(town.today, 7))
    const { activityId } = await addActivity(town, { capacity: 1, rules: { ...EASY, offerHours: 1 } })
    await enrol(town, town.parent, 'moreau-1', activityId, town.today)
    const [first] = await cells(town.parent, monday)
    const key = first?.key ?? ''
    const others = []
    for (const id of ['petit', town.town.addHousehold({ id: 'robin' })]) {
      const parent = await platform.as('citizen', id)
      town.town.link(id, platform.tenant().accountOf(parent))
      await enrol(town, parent, `${id}-1`, activityId, town.today)
      others.push({ parent, key: key.replace('moreau-1', `${id}-1`) })
    }
    const [petit, robin] = others
    if (petit === undefined || robin === undefined) throw new Error('Two families wait.')
    await saveWeek(town.parent, monday, [{ key, booked: false }], [key])
    expect(await saveWeek(petit.parent, monday, [{ key: petit.key, booked: false }], [petit.key])).toContain('en liste d’attente')
    platform.outside.advance(1_000)
    await saveWeek(robin.parent, monday, [{ key: robin.key, booked: false }], [robin.key])
    await saveWeek(town.parent, monday, [{ key, booked: true }], [])
    await platform.settle()
    expect(mailsOf(platform).map(({ to }) => to).flat()).toEqual(['petit@example.fr'])
    const offer = async (client: typeof petit.parent) => /offres\/([0-9a-f-]{36})\/accepter/.exec((await client.get(`${APP}/`, html)).text)?.[1]
    const offered = await offer(petit.parent)
    expect([offered !== undefined, await offer(robin.parent)]).toEqual([true, undefined])
    platform.outside.advance(1_000)
    // The place is held: whoever asks now waits.
    expect(await saveWeek(town.parent, monday, [{ key, booked: false }], [key])).toContain('en liste d’attente')
    expect((await robin.parent.submit(`${APP}/offres/${offered}/accepter`, {}, `${APP}/`)).status).toBe(404)
    await platform.advance(3_600_000 + 600_000)
    const next = await offer(robin.parent)
    expect([await offer(petit.parent), next !== undefined]).toEqual([undefined, true])
    expect((await robin.parent.submit(`${APP}/offres/${next}/accepter`, {}, `${APP}/`)).status).toBe(303)
    expect((await robin.parent.get(`${APP}/`, html)).text).toContain('réservé')
  }, 120_000)
})
