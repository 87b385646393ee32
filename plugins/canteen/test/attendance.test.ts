import { randomUUID } from 'node:crypto'
import jsQR from 'jsqr'
import { describe, expect, test } from 'vitest'
import type { BookingTables } from '../src/booking/tables.ts'
import type { AttendanceTables } from '../src/attendance/tables.ts'
import { APP, DAY, rowsOf, startCanteen } from './attendance-kit.ts'
import { plain } from './plain.ts'

type Booking = BookingTables['booking']
type Entry = AttendanceTables['attendance_entry']
const html = { headers: { accept: 'text/html' } }
const LIST = `${APP}/pointage/liste?unite=meal&jour=${DAY}&ecole=school-1`
const fields = (more: Readonly<Record<string, string>>) => ({ unite: 'meal', jour: DAY, ecole: 'school-1', ...more })
const options = { booked: 8, children: 12 }
type Kit = Awaited<ReturnType<typeof startCanteen>>
const atDay = async (more: Parameters<typeof startCanteen>[0] = options): Promise<Kit> => {
  const platform = await startCanteen(more)
  platform.outside.advance(Date.parse(`${DAY}T10:00:00Z`) - platform.outside.now())
  return platform
}
const bookingOf = async (platform: Kit, child: string, unit = 'meal') => (await rowsOf<Booking>(platform, 'booking', 'id')).find((row) => row.child_id === child && row.unit_id === unit)
const change = (more: object) => ({ id: randomUUID(), childId: 'child-1', unitId: 'meal', day: DAY, mark: 'present', recordedAt: `${DAY}T09:50:00.000Z`, ...more })
const send = async (client: Awaited<ReturnType<Kit['as']>>, changes: readonly object[], sentAt = `${DAY}T10:00:00.000Z`) =>
  (await client.post(`${APP}/pointage/changements`, { sentAt, changes })).json<{ results: readonly { outcome: string; reason?: string; conflictWith?: object }[] }>().results

describe('the list', () => {
  test('shows who is expected, by class, with the alerts that the reader may see and nothing else of health', async () => {
    await using platform = await atDay()
    const office = await (await platform.as('agent.enfance')).get(LIST, html)
    expect(office.text.match(/la-roll-item/g)).toHaveLength(11)
    expect(office.text).toContain('PAI – sans arachides – Stylo d’adrénaline au bureau')
    expect(plain(office.text)).toContain('Attendus : 8. Présents : 0. Absents : 0. À pointer : 8.')
    // This role may not see alerts in this test.
    const leader = await (await platform.as('agent.animation')).get(LIST, html)
    expect([leader.text.includes('arachides'), leader.text.includes('ne vous sont pas ouvertes')]).toEqual([false, true])
    const byClass = await (await platform.as('agent.enfance')).get(`${LIST}&classe=class-2`, html)
    expect(plain(byClass.text)).toContain('Attendus : 4.')
    const choose = await (await platform.as('agent.animation')).get(`${APP}/pointage`, html)
    expect(['Cantine – Repas de midi', 'Garderie – Garderie du soir', 'École Jules-Ferry', 'Toute la liste (8 enfants)'].filter((text) => !choose.text.includes(text))).toEqual([])
  })

  test('is for who records attendance; unknown units and days are no page', async () => {
    await using platform = await atDay()
    const statuses = async (roles: string) => { const client = await platform.as(roles); return Promise.all([LIST, `${APP}/pointage`, `${APP}/badges`, `${APP}/pointage/journal?unite=meal&jour=${DAY}`].map(async (path) => (await client.get(path)).status)) }
    expect(await statuses('agent.animation')).toEqual([200, 200, 200, 200])
    expect(await statuses('citizen')).toEqual([403, 403, 403, 403])
    expect(await statuses('agent.cuisine')).toEqual([403, 403, 403, 403])
    const leader = await platform.as('agent.animation')
    expect([(await leader.get(`${APP}/pointage/liste?unite=x&jour=${DAY}`)).status, (await leader.get(`${APP}/pointage/liste?unite=meal&jour=2026-02-30`)).status, (await leader.get(`${APP}/pointage/marquer`)).status]).toEqual([404, 400, 404])
  })

  test('works by plain forms: present, taken back, absent, a child without a booking, and its end', async () => {
    await using platform = await atDay()
    const leader = await platform.as('agent.animation')
    const press = (marque: string, more: Readonly<Record<string, string>> = {}) => leader.submit(`${APP}/pointage/marquer`, fields({ marque, ...more }), LIST)
    const answer = await press('present:child-1')
    expect([answer.status, answer.headers['location']]).toEqual([303, `${APP}/pointage/liste?unite=meal&jour=${DAY}&ecole=school-1#enfant-child-1`])
    expect(await bookingOf(platform, 'child-1')).toMatchObject({ state: 'present', unbooked: 0, arrived_at: null })
    expect((await leader.get(LIST, html)).text).toContain('value="none:child-1"')
    await press('none:child-1')
    expect(await bookingOf(platform, 'child-1')).toMatchObject({ state: 'booked', unbooked: 0 })
    await press('absent:child-2')
    expect(await bookingOf(platform, 'child-2')).toMatchObject({ state: 'absent-unjustified' })
    await press('present:child-9')
    expect(await bookingOf(platform, 'child-9')).toMatchObject({ state: 'present', unbooked: 1, origin: 'attendance', household_id: 'household-5', activity_id: 'canteen' })
    await press('none:child-9')
    expect(await bookingOf(platform, 'child-9')).toBeUndefined()
    expect((await platform.platform.storage.platform.selectFrom('audit').select('action').where('action', 'like', '%booking.unrecorded').execute())).toHaveLength(1)
    expect([(await press('present:nobody')).status, (await press('dance:child-1')).status]).toEqual([422, 422])
    expect((await rowsOf<Entry>(platform, 'attendance_entry', 'id')).map(({ mark }) => mark).toSorted()).toEqual(['absent', 'none', 'none', 'present', 'present'])
  })

  test('keeps times of coming and going where it is paid by the hour; they can be corrected, never the wrong way round', async () => {
    await using platform = await atDay()
    const leader = await platform.as('agent.animation')
    const care = `${APP}/pointage/liste?unite=care&jour=${DAY}`
    const press = (marque: string) => leader.submit(`${APP}/pointage/marquer`, { unite: 'care', jour: DAY, marque }, care)
    await press('present:child-1')
    platform.outside.advance(3_600_000)
    await press('left:child-1')
    expect(await bookingOf(platform, 'child-1', 'care')).toMatchObject({ state: 'present', arrived_at: `${DAY}T10:00:00.000Z`, left_at: `${DAY}T11:00:00.000Z` })
    expect(plain((await leader.get(care, html)).text)).toContain('Parti à 13 h 00')
    const correct = `${APP}/pointage/enfant?unite=care&jour=${DAY}&enfant=child-1`
    expect((await leader.get(correct, html)).text).toContain(`value="${DAY}T12:00"`)
    expect((await leader.submit(correct, { mark: 'present', arrivedAt: `${DAY}T17:00`, leftAt: `${DAY}T16:00` })).status).toBe(422)
    expect((await leader.submit(correct, { mark: 'present', arrivedAt: `${DAY}T16:30`, leftAt: `${DAY}T17:15` })).status).toBe(303)
    expect(await bookingOf(platform, 'child-1', 'care')).toMatchObject({ arrived_at: `${DAY}T14:30:00.000Z`, left_at: `${DAY}T15:15:00.000Z` })
    expect((await leader.submit(`${APP}/pointage/enfant?unite=meal&jour=${DAY}&enfant=child-2`, { mark: 'excused' })).status).toBe(303)
    expect(await bookingOf(platform, 'child-2')).toMatchObject({ state: 'absent-justified' })
  })

  test('finds a child that nobody expected by its name, without accents', async () => {
    await using platform = await atDay()
    const leader = await platform.as('agent.animation')
    const found = await leader.get(`${APP}/pointage/ajouter?unite=meal&jour=${DAY}&q=ben%20said`, html)
    expect([found.text.includes('Ben Saïd'), found.text.includes('1 enfant'), found.text.includes('value="present:child-12"')]).toEqual([true, true, true])
    expect((await leader.get(`${APP}/pointage/ajouter?unite=meal&jour=${DAY}&q=zzz`, html)).text).toContain('Aucun enfant de ce nom.')
  })
})

describe('what comes from a device', () => {
  test('is taken once, however often it is sent', async () => {
    await using platform = await atDay()
    const leader = await platform.as('agent.animation')
    const entries = [change({}), change({ childId: 'child-2', mark: 'absent' }), change({ childId: 'child-11' })]
    expect((await send(leader, entries)).map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied'])
    const before = [await rowsOf(platform, 'booking', 'id'), await rowsOf(platform, 'attendance_entry', 'id')]
    expect((await send(leader, entries)).map(({ outcome }) => outcome)).toEqual(['duplicate', 'duplicate', 'duplicate'])
    expect([await rowsOf(platform, 'booking', 'id'), await rowsOf(platform, 'attendance_entry', 'id')]).toEqual(before)
    const together = [change({ childId: 'child-4' }), change({ childId: 'child-5' })]
    await Promise.all([leader.post(`${APP}/pointage/changements`, { sentAt: `${DAY}T10:00:00.000Z`, changes: together }), leader.post(`${APP}/pointage/changements`, { sentAt: `${DAY}T10:00:00.000Z`, changes: together })])
    expect((await send(leader, together)).map(({ outcome }) => outcome)).toEqual(['duplicate', 'duplicate'])
    expect((await rowsOf<Entry>(platform, 'attendance_entry', 'id')).filter(({ child_id: child }) => child === 'child-4' || child === 'child-5')).toHaveLength(2)
  })

  test('contradicted by somebody else: the later moment holds, whichever comes first, and both are told and kept', async () => {
    await using platform = await atDay()
    const [anne, paul] = [await platform.tenant().as('agent.animation', 'Anne Roy'), await platform.tenant().as('agent.animation', 'Paul Roux')]
    await send(anne, [change({ mark: 'absent', recordedAt: `${DAY}T09:55:00.000Z` })])
    // Recorded before, and sent after.
    expect(await send(paul, [change({ mark: 'present', recordedAt: `${DAY}T09:40:00.000Z` })])).toMatchObject([{ outcome: 'superseded', conflictWith: { name: 'Anne Roy', mark: 'absent', recordedAt: `${DAY}T09:55:00.000Z` } }])
    expect(await bookingOf(platform, 'child-1')).toMatchObject({ state: 'absent-unjustified' })
    expect(await send(paul, [change({ mark: 'late', recordedAt: `${DAY}T09:58:00.000Z` })])).toMatchObject([{ outcome: 'applied', conflictWith: { name: 'Anne Roy' } }])
    expect(await bookingOf(platform, 'child-1')).toMatchObject({ state: 'present' })
    // Who has seen the other entry contradicts knowingly, and who says the same does not contradict.
    const held = (await rowsOf<AttendanceTables['attendance']>(platform, 'attendance', 'child_id'))[0]?.entry_id
    expect((await send(anne, [change({ mark: 'absent', recordedAt: `${DAY}T09:59:00.000Z`, seen: held }), change({ childId: 'child-2', recordedAt: `${DAY}T09:59:00.000Z` })])).map(({ conflictWith }) => conflictWith)).toEqual([undefined, undefined])
    expect((await send(paul, [change({ childId: 'child-2' })])).map(({ conflictWith }) => conflictWith)).toEqual([undefined])
    const journal = await anne.get(`${APP}/pointage/journal?unite=meal&jour=${DAY}`, html)
    expect([journal.text.match(/Contredit/g)?.length, journal.text.includes('Dépassé'), journal.text.includes('Paul Roux')]).toEqual([2, true, true])
    expect((await anne.get(LIST, html)).text).toContain('2 pointages en contredisent d’autres.')
  })

  test('a wrong clock changes no order; what cannot be is refused by itself', async () => {
    await using platform = await atDay()
    const leader = await platform.as('agent.animation')
    // Two hours slow.
    await send(leader, [change({ recordedAt: `${DAY}T07:50:00.000Z` })], `${DAY}T08:00:00.000Z`)
    expect((await rowsOf<Entry>(platform, 'attendance_entry', 'id'))[0]?.recorded_at).toBe(`${DAY}T09:50:00.000Z`)
    expect((await send(leader, [change({ childId: 'nobody' }), change({ childId: 'child-2', unitId: 'nothing' }), change({ childId: 'child-3', day: '2027-05-14' }), change({ childId: 'child-4' })])).map(({ outcome, reason }) => reason ?? outcome).toSorted())
      .toEqual(['applied', 'child-unknown', 'day-unfit', 'unit-unknown'])
    const statuses = await Promise.all([{}, { sentAt: 'x', changes: [] }, { sentAt: `${DAY}T10:00:00.000Z`, changes: [change({ mark: 'dancing' })] }, { sentAt: `${DAY}T10:00:00.000Z`, changes: [change({ id: 'x' })] }, { sentAt: `${DAY}T10:00:00.000Z`, changes: Array.from({ length: 201 }, () => change({})) }].map(async (body) => (await leader.post(`${APP}/pointage/changements`, body)).status))
    expect(statuses.every((status) => status === 400 || status === 422)).toBe(true)
    expect((await (await platform.as('citizen')).post(`${APP}/pointage/changements`, { sentAt: `${DAY}T10:00:00.000Z`, changes: [change({})] })).status).toBe(403)
  })
})

describe('badges', () => {
  test('say nothing of the child, are read by scanners, and a lost one is worth nothing any more', async () => {
    await using platform = await atDay()
    const leader = await platform.as('agent.animation')
    await leader.submit(`${APP}/badges/class-1/creer`, {}, `${APP}/badges/class-1`)
    const badges = await rowsOf<AttendanceTables['badge']>(platform, 'badge', 'child_id')
    expect(badges).toHaveLength(6)
    const badge = badges.find(({ child_id: child }) => child === 'child-1')
    const svg = await leader.get(`${APP}/badges/image/${badge?.code}.svg`)
    expect([svg.status, svg.headers['content-type'], read(svg.text)]).toEqual([200, 'image/svg+xml; charset=utf-8', badge?.code])
    const scan = (code: string) => leader.submit(`${APP}/pointage/scanner`, fields({ code }), LIST)
    expect((await scan(badge?.code.toLowerCase() ?? '')).status).toBe(303)
    expect(await bookingOf(platform, 'child-1')).toMatchObject({ state: 'present' })
    await leader.submit(`${APP}/badges/enfant/child-1/refaire`, {}, `${APP}/badges/class-1`)
    expect([(await scan(badge?.code ?? '')).status, (await scan("' or 1=1 --")).status, (await scan('')).status, (await leader.get(`${APP}/badges/image/${badge?.code}.svg`)).status]).toEqual([422, 422, 422, 404])
  })
})

/** Reads the code off a picture, as a scanner would: the path of the squares is drawn into pixels. */
function read(svg: string): string | undefined {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1])
  const unit = 10
  const scale = Math.max(1, Math.ceil(400 / size))
  const pixels = new Uint8ClampedArray(size * scale * size * scale * 4).fill(255)
  for (const [, x, y, width = String(unit)] of svg.matchAll(/M(\d+),(\d+)h(\d+)v\d+h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + Number(width)) * scale; row += 1) {
      for (let column = Number(x) * scale; column < (Number(x) + Number(width)) * scale; column += 1) pixels.fill(0, (row * size * scale + column) * 4, (row * size * scale + column) * 4 + 3)
    }
  }
  return (jsQR as unknown as typeof jsQR.default)(pixels, size * scale, size * scale)?.data
}
