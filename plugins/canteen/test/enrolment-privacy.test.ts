import { expect, test } from 'vitest'
import type { BookingTables } from '../src/booking/tables.ts'
import canteen from '../src/plugin.tsx'
import { privacy } from '../src/privacy.ts'
import { rowsOf } from './attendance-kit.ts'
import { addActivity, enrol, startCanteen } from './booking-kit.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const DAY_MS = 86_400_000
type Enrolment = BookingTables['enrolment']

test('who asked for an inscription gets it handed over and is forgotten on demand, while the child stays enrolled; three years after its last day it goes', async () => {
  const town = await startCanteen()
  await using platform = town.platform
  const { id: tenantId } = platform.tenant()
  const { activityId } = await addActivity(town)
  await enrol(town, town.parent, 'moreau-1', activityId, town.today)
  const other = await platform.as('citizen')
  town.town.link('petit', platform.tenant().accountOf(other))
  await enrol(town, other, 'petit-1', activityId, town.today)
  const enrolments = () => rowsOf<Enrolment>(platform, 'enrolment', 'child_id')

  const { privacy: rights } = platform.platform
  expect(rights.register(tenantId).find(({ pluginId, table }) => pluginId === canteen.id && table === 'enrolment')).toMatchObject({ basis: 'public-task', retentionDays: 1_095 })
  const subject = { id: platform.tenant().accountOf(town.parent), email: undefined, name: 'Claire' }
  const handedOver = async (): Promise<readonly Partial<Enrolment>[]> => ((await rights.export(tenantId, subject, BY))[canteen.id]?.data as { readonly enrolments: readonly Partial<Enrolment>[] } | undefined)?.enrolments ?? [{ child_id: 'nothing was handed over' }]
  expect(await handedOver()).toMatchObject([{ child_id: 'moreau-1', state: 'active', requested_by: subject.id }])
  expect((await rights.erase(tenantId, subject, BY))[canteen.id]).toMatchObject({ erased: 1 })
  expect(await handedOver()).toEqual([])
  expect((await enrolments()).map(({ child_id: child, state, requested_by: by }) => [child, state, by === null])).toEqual([['moreau-1', 'active', true], ['petit-1', 'active', false]])

  // The activity ends on 31 December 2027; three years are counted from there, not from the day of the request.
  const { retentionDays } = privacy.stores.find(({ table }) => table === 'enrolment') ?? { retentionDays: 0 }
  const lastKept = Date.parse('2027-12-31T12:00:00Z') + retentionDays * DAY_MS
  await platform.advance(lastKept - platform.outside.now())
  expect(await enrolments()).toHaveLength(2)
  await platform.advance(2 * DAY_MS)
  expect(await enrolments()).toEqual([])
})
