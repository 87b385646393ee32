import { expect, test } from 'vitest'
import { APP, DAY, rowsOf, startCanteen } from './attendance-kit.ts'

test('a child that is deleted takes along what is to come, its inscriptions, its badge and every line on its presence; what was booked in the past stays for the accounts', async () => {
  await using kit = await startCanteen({ booked: 2 })
  const leader = await kit.as('agent.enfance')
  const { db } = kit.platform.storage.store({ tenantId: kit.tenant().id, pluginId: 'fr.liberacces.canteen' })
  kit.outside.advance(Date.parse(`${DAY}T10:00:00Z`) - kit.outside.now())
  const agent = await kit.as('agent.enfance')
  const asked = kit.tenant().accountOf(leader)
  await db.insertInto('enrolment').values(['child-1', 'child-2'].map((id) => ({ id, child_id: id, household_id: 'household-1', activity_id: 'canteen', first_day: '2025-09-01', last_day: '2026-07-04', state: 'active', decided_at: null, created_at: '2026-01-01', requested_by: asked }))).execute()
  const [one] = await db.selectFrom('booking').selectAll().where('id', '=', 'meal-1').execute()
  await db.insertInto('booking').values([{ ...one, id: 'before', day: '2026-05-12', state: 'present' }, { ...one, id: 'waits', day: '2026-05-15', child_id: 'child-3', state: 'waiting' }, { ...one, id: 'after', day: '2026-05-15' }]).execute()
  await db.updateTable('unit').set({ capacity: 1 }).where('id', '=', 'meal').execute()
  await agent.submit(`${APP}/badges/class-1/creer`, {}, `${APP}/badges/class-1`)
  expect((await agent.submit(`${APP}/pointage/marquer`, { unite: 'care', jour: DAY, marque: 'present:child-1' }, `${APP}/pointage/liste?unite=care&jour=${DAY}`)).status).toBe(303)
  expect((await rowsOf<{ child_id: string }>(kit, 'attendance_entry', 'id')).map((row) => row.child_id)).toEqual(['child-1'])

  expect((await agent.post('/apps/familles/supprimer/child-1', {})).status).toBe(200)
  await kit.settle()
  const of = async (table: string, order = 'child_id') => (await rowsOf<{ child_id: string }>(kit, table, order)).filter((row) => row.child_id === 'child-1').length
  expect(await Promise.all([of('enrolment'), of('attendance'), of('attendance_entry', 'id'), of('badge'), of('booking_log', 'id')])).toEqual([0, 0, 0, 0, 0])
  const left = await rowsOf<{ id: string; child_id: string; offered_until: string | null }>(kit, 'booking', 'id')
  // Who was there on the very day is an account too; what was only booked has gone, and its place is offered.
  expect(left.filter((row) => row.child_id === 'child-1').map(({ id }) => id)).toEqual(['before', 'care-1'])
  expect(left.find(({ id }) => id === 'waits')?.offered_until).not.toBeNull()
  expect((await rowsOf<{ child_id: string }>(kit, 'enrolment', 'id')).map((row) => row.child_id)).toEqual(['child-2'])
  // Saying it twice does no harm.
  expect((await agent.post('/apps/familles/supprimer/child-1', {})).status).toBe(200)
  await kit.settle()
})
