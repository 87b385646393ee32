import { Families } from '@liberacces/plugin-families/contract'
import { Choice, Type } from '@liberacces/sdk'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { MARKS, momentAfter } from './mark.ts'
import { recordEntries } from './record.ts'

const Instant = Type.String({ format: 'date-time' })
const Key = { unite: Type.String({ minLength: 1, maxLength: 200 }), jour: Type.String({ format: 'date' }), enfant: Type.String({ minLength: 1, maxLength: 200 }) }

/** Corrects what was recorded of a child: times, and whether an absence is justified. */
export function registerChildForm(k: CanteenRegistrar): void {
  k.form({
    path: '/pointage/enfant', audience: 'agent', permission: 'attendance.record', title: 'attendance.correct', query: Type.Object(Key),
    schema: Type.Object({ mark: Choice(MARKS), arrivedAt: Type.Optional(Instant), leftAt: Type.Optional(Instant) }),
  }, async (c, { mark, arrivedAt, leftAt }, { query: { unite, jour, enfant } }) => {
    if (arrivedAt !== undefined && leftAt !== undefined && leftAt < arrivedAt) return c.invalid({ leftAt: c.t('attendance.correct.order') })
    const there = mark === 'present' || mark === 'late'
    const held = await c.db.selectFrom('attendance').select(['entry_id', 'recorded_at']).where('unit_id', '=', unite).where('day', '=', jour).where('child_id', '=', enfant).executeTakeFirst()
    const [recording] = await recordEntries(c, [{ id: c.id(), childId: enfant, unitId: unite, day: jour, mark, recordedAt: momentAfter(c.now(), held?.recorded_at), arrivedAt: there ? arrivedAt : undefined, leftAt: there ? leftAt : undefined, seen: held?.entry_id }])
    if (recording === undefined || recording.outcome === 'refused') return c.notFound()
    return c.redirect(`${c.url('/pointage/liste', { unite, jour })}#enfant-${encodeURIComponent(enfant)}`, 'attendance.correct.done')
  }, async (c, { query: { unite, jour, enfant } }) => {
    if (await c.use(Families).child({ id: enfant, on: jour }) === null) return undefined
    const held = await c.db.selectFrom('attendance').selectAll().where('unit_id', '=', unite).where('day', '=', jour).where('child_id', '=', enfant).executeTakeFirst()
    return { mark: held?.mark ?? 'none', ...given('arrivedAt', held?.arrived_at), ...given('leftAt', held?.left_at) }
  })
}

function given<Name extends string>(name: Name, value: string | null | undefined): Partial<Record<Name, string>> {
  return value === null || value === undefined ? {} : { [name]: value } as Record<Name, string>
}
