import { Choice, Type, type Static } from '@liberacces/sdk'
import { changeUnit, deleteUnit, type UnitInput } from '../booking/change-unit.ts'
import type { Unit } from '../booking/engine/situation.ts'
import { UNIT_KINDS } from '../booking/tables.ts'
import { dateWords, timeWords, weekdayWord } from '../booking/words/day-words.ts'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'

const Weekday = Choice(['1', '2', '3', '4', '5', '6', '7'])
const UnitFields = Type.Object({
  unitName: Type.String({ minLength: 2, maxLength: 120 }), unitKind: Choice(UNIT_KINDS), startsAt: Type.String({ format: 'time' }), endsAt: Type.String({ format: 'time' }),
  weekdays: Type.Array(Weekday, { minItems: 1 }), capacity: Type.Optional(Type.Integer({ minimum: 0, maximum: 5_000 })), withMeal: Type.Boolean(),
  unitLastDay: Type.Optional(Type.String({ format: 'date' })),
})
const ChangeFields = Type.Object({ ...UnitFields.properties, cancelReason: Type.Optional(Type.String({ minLength: 3, maxLength: 300 })) })

/** A unit in a few words: `(lundi, mardi, de 12 h à 13 h 30, 80 places)`. */
export function unitWords(c: CanteenContext, unit: Unit): string {
  return c.t('booking.units.words', {
    weekdays: unit.weekdays.split('').map((weekday) => weekdayWord(Number(weekday), c.locale)).join(', '), from: timeWords(unit.startsAt, c.locale), to: timeWords(unit.endsAt, c.locale),
    limit: unit.capacity === undefined ? 'none' : 'some', places: unit.capacity ?? 0, until: unit.lastDay === undefined ? 'none' : dateWords(unit.lastDay, c.locale),
  })
}

function inputOf(data: Static<typeof UnitFields>): UnitInput {
  return {
    name: data.unitName, kind: data.unitKind, startsAt: data.startsAt.slice(0, 5), endsAt: data.endsAt.slice(0, 5), weekdays: [...new Set(data.weekdays)].toSorted().join(''),
    capacity: data.capacity, withMeal: data.withMeal, lastDay: data.unitLastDay,
  }
}

/** Forms of what is booked of an activity: a meal, half a day, hours. */
export function registerUnits(k: CanteenRegistrar): void {
  const access = { audience: 'agent', permission: 'activity.manage' } as const

  k.form({ ...access, path: '/gestion/activites/:id/unites/ajouter', title: 'booking.units.add', schema: UnitFields }, async (c, data, { params }) => {
    const activity = await c.db.selectFrom('activity').select('id').where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (activity === undefined) return c.notFound()
    if (data.endsAt <= data.startsAt) return c.invalid({ endsAt: c.t('booking.error.time-order') })
    const [id, input] = [c.id(), inputOf(data)]
    const { count } = await c.db.selectFrom('unit').select((is) => is.fn.countAll().as('count')).where('activity_id', '=', activity.id).executeTakeFirstOrThrow()
    await c.db.insertInto('unit').values({ id, activity_id: activity.id, name: input.name, kind: input.kind, starts_at: input.startsAt, ends_at: input.endsAt, weekdays: input.weekdays, capacity: input.capacity ?? null, with_meal: input.withMeal ? 1 : 0, last_day: input.lastDay ?? null, position: Number(count) }).execute()
    await c.audit('unit.created', id, { name: input.name })
    return c.redirect('/gestion/activites', 'booking.notice.saved')
  }, async (): Promise<Partial<Static<typeof UnitFields>>> => ({ unitKind: 'meal', weekdays: ['1', '2', '4', '5'] }))

  k.form({ ...access, path: '/gestion/prestations/:id/modifier', title: 'booking.units.edit', intro: 'booking.units.edit.intro', schema: ChangeFields }, async (c, data, { params }) => {
    if (data.endsAt <= data.startsAt) return c.invalid({ endsAt: c.t('booking.error.time-order') })
    const change = await changeUnit(c, params['id'] ?? '', inputOf(data), data.cancelReason)
    switch (change.outcome) {
      case 'unknown': return c.notFound()
      case 'kind': return c.invalid({ unitKind: c.t('booking.units.error.kind') })
      case 'hours': return c.invalid({ startsAt: c.t('booking.units.error.hours') })
      case 'would-cancel': return c.invalid({ cancelReason: c.t('booking.units.error.would-cancel', { count: change.count }) })
      default: return c.redirect('/gestion/activites', change.cancelled > 0 ? 'booking.notice.unit-cancelled' : 'booking.notice.saved')
    }
  }, async (c, { params }): Promise<Partial<Static<typeof ChangeFields>> | undefined> => {
    const unit = await c.db.selectFrom('unit').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (unit === undefined) return undefined
    return {
      unitName: unit.name, unitKind: unit.kind, startsAt: unit.starts_at, endsAt: unit.ends_at, weekdays: unit.weekdays.split('') as Static<typeof Weekday>[], withMeal: unit.with_meal === 1,
      ...(unit.capacity === null ? {} : { capacity: unit.capacity }), ...(unit.last_day === null ? {} : { unitLastDay: unit.last_day }),
    }
  })

  k.action({ ...access, path: '/gestion/prestations/:id/supprimer' }, async (c, { params }) => {
    switch (await deleteUnit(c, params['id'] ?? '')) {
      case 'unknown': return c.notFound()
      case 'used': return c.invalid({ '': c.t('booking.units.error.used') })
      default: return c.redirect('/gestion/activites', 'booking.notice.saved')
    }
  })
}
