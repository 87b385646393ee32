import { startTestPlatform, type TestClient, type TestPlatform } from '@liberacces/certification/testing'
import families from '@liberacces/plugin-families'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { movesOf, type Moved } from '../src/merge/final-ids.ts'
import canteen from '../src/plugin.tsx'

const FAMILIES = '/apps/familles'
const NEVER = { arrived_at: null, left_at: null, offered_until: null, booked_by: null, booked_at: '2026-01-01T00:00:00Z', changed_at: '2026-01-01T00:00:00Z', late: 0, unbooked: 0, origin: 'family', activity_id: 'cantine' } as const

test('in whatever order merges are told, and however often, everything ends under the id that is left', () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 8 }).chain((count) => fc.record({
    // Each step merges one that is still there into another one that is.
    merges: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: count - 1 }).map((picks) => {
      const left = Array.from({ length: count }, (_, index) => `h${index}`)
      return picks.map(([a, b]) => { const [old_id = ''] = left.splice(a % left.length, 1); return { old_id, new_id: left[b % left.length] ?? '', kind: 'household' as const } })
    }),
    order: fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
  })), ({ merges, order }) => {
    const end = new Map(merges.map(({ old_id: from, new_id: to }) => [from, to]))
    const finalOf = (id: string): string => { const next = end.get(id); return next === undefined ? id : finalOf(next) }
    // One row under each id; what is told is told in any order, some of it twice, all of it at least once.
    const rows = new Map(merges.flatMap(({ old_id: from, new_id: to }) => [from, to]).map((id) => [id, id]))
    const known: typeof merges = []
    for (const place of [...order.map((number) => number % merges.length), ...merges.keys()]) {
      const merge = merges[place]
      if (merge === undefined) continue
      if (!known.some(({ old_id: id }) => id === merge.old_id)) known.push(merge)
      const moves: readonly Moved[] = movesOf(known, [merge.old_id])
      for (const { from, to } of moves) for (const [row, id] of rows) if (id === from) rows.set(row, to)
    }
    expect([...rows].map(([row, id]) => [row, id])).toEqual([...rows.keys()].map((row) => [row, finalOf(row)]))
  }))
  expect(movesOf([{ old_id: 'a', new_id: 'b', kind: 'child' }, { old_id: 'b', new_id: 'a', kind: 'child' }], ['a'])).toEqual([])
})

function store(platform: TestPlatform) {
  const { db } = platform.platform.storage.store({ tenantId: platform.tenant().id, pluginId: canteen.id })
  return {
    put: async (table: string, rows: readonly object[]) => { await db.insertInto(table).values(rows as never).execute() },
    all: async <Row>(table: string, order = 'id'): Promise<readonly Row[]> => await db.selectFrom(table).selectAll().orderBy(order).execute() as readonly unknown[] as readonly Row[],
  }
}

async function entered(agent: TestClient, path: string, fields: Parameters<TestClient['submit']>[1], from?: string): Promise<string> {
  const answer = await agent.submit(path, fields, from)
  expect(answer.status, answer.text).toBe(303)
  return String(answer.headers['location']).split('?')[0] ?? ''
}

const idOf = (path: string): string => path.split('/').at(-1) ?? ''

test('when families merges two households, bookings, inscriptions, presence, invoices, payments and mandates follow: nothing twice, nothing lost, replayed or told late it is the same', async () => {
  await using platform = await startTestPlatform({ plugins: [families, canteen] })
  const agent = await platform.as('agent.enfance')
  const { put, all } = store(platform)
  const household = (firstName: string, lastName: string) => entered(agent, `${FAMILIES}/gestion/foyers/ajouter`, { firstName, lastName, address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true' })
  const child = (of: string, firstName: string) => entered(agent, `${of}/enfants/ajouter`, { firstName, lastName: 'Moreau', birthDay: '2018-02-28' })
  const [stays, goes, other] = [await household('Claire', 'Moreau'), await household('Claire', 'Moreau'), await household('Ève', 'Roux')]
  const [tom, same, zoe, waits] = [await child(stays, 'Tom'), await child(goes, 'Tom'), await child(goes, 'Zoé'), await child(other, 'Luc')].map(idOf)
  const guardianOf = async (path: string): Promise<string> => /gestion\/responsables\/([\w-]+)\//.exec((await agent.get(path, { headers: { accept: 'text/html' } })).text)?.[1] ?? ''
  const parent = await platform.as('citizen')
  const guardian = await guardianOf(goes)
  await entered(agent, `${FAMILIES}/gestion/responsables/${guardian}/code`, {}, goes)
  await entered(parent, `${FAMILIES}/rattacher`, { code: /Code(?:\s|&nbsp;)*: ([A-Z0-9-]{14})/.exec((await agent.get(goes, { headers: { accept: 'text/html' } })).text)?.[1] ?? '' })
  const [claire, alsoClaire] = [await guardianOf(stays), guardian]
  const [A, B, C] = [stays, goes, other].map(idOf)

  await put('activity', [{ id: 'cantine', name: 'Restauration', kind: 'canteen', first_day: '2026-01-01', last_day: '2027-12-31', rules: JSON.stringify({ add: [{ weekdays: '1234567', limit: { kind: 'days-before', days: 0, at: '24:00', skip: [] } }], cancel: 'never', late: 'refused', openOn: ['school'], waitingList: true, offerHours: 24 }), approved_by_agent: 0, archived: 0 }])
  await put('unit', [{ id: 'repas', activity_id: 'cantine', name: 'Repas', kind: 'meal', starts_at: '12:00', ends_at: '13:30', weekdays: '1245', capacity: 2, with_meal: 1, position: 0 }])
  const booking = (id: string, childId: string | undefined, householdId: string | undefined, day: string, state: string) => ({ ...NEVER, id, child_id: childId, household_id: householdId, unit_id: 'repas', day, state })
  await put('booking', [
    // Both were booked for the same days: past ones as recorded, and one to come for which somebody waits.
    booking('a-past', tom, A, '2026-02-02', 'absent-unjustified'), booking('b-past', same, B, '2026-02-02', 'present'),
    booking('a-next', tom, A, '2026-03-09', 'booked'), booking('b-next', same, B, '2026-03-09', 'booked'), booking('c-next', waits, C, '2026-03-09', 'waiting'),
    booking('b-alone', same, B, '2026-03-10', 'booked'), booking('b-zoe', zoe, B, '2026-03-10', 'booked'),
  ])
  await put('enrolment', [
    { id: 'e-a', child_id: tom, household_id: A, activity_id: 'cantine', first_day: '2026-01-01', last_day: '2026-12-31', state: 'active', created_at: '2026-01-01' },
    { id: 'e-b', child_id: same, household_id: B, activity_id: 'cantine', first_day: '2026-02-01', last_day: '2026-12-31', state: 'requested', created_at: '2026-01-01' },
    { id: 'e-zoe', child_id: zoe, household_id: B, activity_id: 'cantine', first_day: '2026-01-01', last_day: '2026-12-31', state: 'active', created_at: '2026-01-01' },
  ])
  const presence = (childId: string | undefined, entry: string, mark: string, at: string) => ({ child_id: childId, unit_id: 'repas', day: '2026-02-02', entry_id: entry, mark, recorded_at: at, arrived_at: null, left_at: null, state_before: 'booked' })
  await put('attendance', [presence(tom, 'x', 'absent-unjustified', '2026-02-02T11:00:00Z'), presence(same, 'y', 'present', '2026-02-02T12:00:00Z')])
  await put('badge', [{ child_id: same, code: 'BADGE-B', created_at: '2026-01-01' }])
  await put('regie', [{ id: 'regie', number: 1, name: 'Régie', next_invoice: 2, next_credit: 1, version: 5, identity: '{}' }])
  const campaign = { regie_id: 'regie', due_day: '2026-04-15', cursor: '', drafted: 1, regie_version: 5, households: 2, invoices: 1, credits: 0, cents: 1_000, created_at: '2026-03-01' }
  await put('campaign', [{ ...campaign, id: 'billed', name: 'Février', first_day: '2026-02-01', last_day: '2026-02-28', state: 'published' }, { ...campaign, id: 'drafted', name: 'Mars', first_day: '2026-03-01', last_day: '2026-03-31', state: 'draft' }])
  const invoice = { regie_id: 'regie', kind: 'invoice', position: 0, account_id: null, payer_name: 'Claire Moreau', payer_address: '3 rue Pasteur', payer_postcode: '17440', payer_town: 'Aytré', payer_email: null, cents: 1_000, due_on: '2026-04-15', credits_invoice: null, reason: null, file_id: null, created_at: '2026-03-01' }
  await put('invoice', [{ ...invoice, id: 'i-b', campaign_id: 'billed', number: 1, issued_on: '2026-03-01', published: 1, household_id: B, guardian_id: alsoClaire }, { ...invoice, id: 'i-draft', campaign_id: 'drafted', number: null, issued_on: null, published: 0, household_id: B, guardian_id: alsoClaire }])
  await put('invoice_line', [{ id: 'l-b', invoice_id: 'i-b', position: 0, booking_id: 'b-past', child_id: same, child_name: 'Tom', birth_day: null, activity_id: 'cantine', unit_id: 'repas', unit_name: 'Repas', day: '2026-02-02', cents: 1_000, parts: '[]', price_cents: 1_000, share: 10_000, minutes: 0, tier: null, account: '', childcare: 0, correction: 0 }])
  await put('payment', [{ id: 'p-a', regie_id: 'regie', guardian_id: claire, household_id: A, cents: 400, method: 'cash', received_on: '2026-03-01', note: '', created_at: '2026-03-01', reversed_at: null }])
  const mandate = { account_id: null, holder: 'C. Moreau', iban: 'sealed', last_four: '1234', kind: 'RCUR', uses: 0, active: 1 }
  await put('mandate', [{ ...mandate, id: 'm-a', guardian_id: claire, rum: 'A', signed_on: '2026-01-01' }, { ...mandate, id: 'm-b', guardian_id: alsoClaire, rum: 'B', signed_on: '2026-02-01' }])

  await entered(agent, `${stays}/reunir/${B}`, {}, `${stays}/reunir/${B}`)
  await platform.settle()

  const state = async () => ({
    bookings: (await all<{ id: string; child_id: string; household_id: string; state: string; offered_until: string | null }>('booking')).map((row) => [row.id, row.child_id, row.household_id, row.state, row.offered_until !== null]),
    enrolments: (await all<{ id: string; child_id: string; household_id: string }>('enrolment')).map((row) => [row.id, row.child_id, row.household_id]),
    attendance: (await all<{ child_id: string; mark: string }>('attendance', 'child_id')).map((row) => [row.child_id, row.mark]),
    badges: (await all<{ child_id: string; code: string }>('badge', 'child_id')).map((row) => [row.child_id, row.code]),
    invoices: (await all<{ id: string; household_id: string; guardian_id: string }>('invoice')).map((row) => [row.id, row.household_id, row.guardian_id]),
    lines: (await all<{ child_id: string }>('invoice_line')).map((row) => row.child_id),
    payments: (await all<{ household_id: string; guardian_id: string }>('payment')).map((row) => [row.household_id, row.guardian_id]),
    settled: (await all<{ source_id: string; target_id: string; cents: number }>('settlement')).map((row) => [row.source_id, row.target_id, row.cents]),
    mandates: (await all<{ id: string; guardian_id: string; active: number }>('mandate')).map((row) => [row.id, row.guardian_id, row.active]),
    version: (await all<{ version: number }>('regie'))[0]?.version,
  })
  const merged = {
    bookings: [
      ['a-next', tom, A, 'booked', false], ['b-alone', tom, A, 'booked', false], ['b-past', tom, A, 'present', false], ['b-zoe', zoe, A, 'booked', false], ['c-next', waits, C, 'waiting', true],
    ],
    enrolments: [['e-a', tom, A], ['e-zoe', zoe, A]],
    attendance: [[tom, 'present']], badges: [[tom, 'BADGE-B']],
    invoices: [['i-b', A, claire], ['i-draft', A, claire]], lines: [tom], payments: [[A, claire]],
    settled: [['p-a', 'i-b', 400]], mandates: [['m-a', claire, 0], ['m-b', claire, 1]], version: 6,
  }
  expect(await state()).toEqual(merged)
  const cancelled = (await all<{ booking_id: string; action: string; detail: string }>('booking_log')).filter(({ detail }) => detail === 'merged').map(({ booking_id: id, action }) => `${id} ${action}`)
  expect(cancelled.toSorted()).toEqual(['a-past cancelled', 'b-next cancelled'])

  const events = await platform.platform.events.list(platform.tenant().id, { limit: 200 })
  const event = events.find(({ type }) => type === 'fr.liberacces.families.households-merged/v1' || type.includes('households-merged'))
  await platform.platform.events.replay(platform.tenant().id, event?.eventId ?? '', { again: true })
  await platform.settle()
  expect(await state()).toEqual(merged)

  // Right after, the account of the household that went has the documents and the children of both, and a right to them.
  const tenant = platform.tenant()
  const subject = { id: tenant.accountOf(parent), email: undefined, name: 'Claire' }
  const known = await platform.platform.privacy.export(tenant.id, subject, { kind: 'operator', id: 'test', name: 'Test' })
  expect(JSON.stringify(known[canteen.id])).toContain('"i-b"')
  expect([tom, zoe, same].map((id) => JSON.stringify(known[families.id]).includes(`"id":"${id}"`))).toEqual([true, true, false])

  // Somebody who had read the old household a moment before books under its id.
  await put('booking', [booking('b-late', same, B, '2026-03-12', 'booked')])
  await platform.advance(3_600_000)
  await platform.settle()
  expect((await state()).bookings).toContainEqual(['b-late', tom, A, 'booked', false])
})
