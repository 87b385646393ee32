/** The service `fr.liberacces.families/v1`. */
import type { ServiceHandlers } from '@liberacces/sdk'
import type { Families } from './contract.ts'
import { payersOn } from './domain/custody.ts'
import { flagFor } from './domain/health-record.ts'
import type { FamiliesContext } from './families-types.ts'
import { isOwnHousehold, mayRead } from './ownership.ts'
import { childCard, householdCards, selectChildren } from './store/cards.ts'
import { rulesOf } from './store/custody.ts'
import { openRecords } from './store/health.ts'
import { payerPeriods } from './store/payer-periods.ts'
import { quotientOn, quotientsOn } from './store/quotients.ts'
import { schoolCards } from './store/schools.ts'

/** See {@link Families} for who gets what. */
export function familiesService(c: FamiliesContext): ServiceHandlers<typeof Families> {
  return {
    ownHouseholds: async () => {
      if (c.actor.kind !== 'account') return []
      const rows = await c.db.selectFrom('household').selectAll('household').where((where) => where.exists(where.selectFrom('guardian').select('guardian.id').whereRef('guardian.household_id', '=', 'household.id').where('account_id', '=', c.actor.id))).orderBy('household.id').execute()
      return householdCards(c.db, rows, c.today(), c.actor.id)
    },
    household: async ({ id }) => {
      const reads = mayRead(c, 'household.read')
      if (!reads && !await isOwnHousehold(c, id)) return null
      const row = await c.db.selectFrom('household').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? null : (await householdCards(c.db, [row], c.today(), reads ? undefined : c.actor.id ?? ''))[0] ?? null
    },
    households: async ({ ids, after, limit }) => {
      const all = c.db.selectFrom('household').selectAll().orderBy('id').limit(limit ?? 200)
      const some = ids === undefined ? all : all.where('id', 'in', ids.length === 0 ? [''] : ids).limit(500)
      return householdCards(c.db, await (after === undefined ? some : some.where('id', '>', after)).execute(), c.today())
    },
    child: async ({ id, on }) => {
      const row = await selectChildren(c.db, on ?? c.today()).where('child.id', '=', id).executeTakeFirst()
      if (row === undefined || (!mayRead(c, 'child.read') && !await isOwnHousehold(c, row.household_id))) return null
      return childCard(row)
    },
    children: async ({ ids, schoolId, classId, on, limit }) => {
      let rows = selectChildren(c.db, on ?? c.today()).orderBy('child.sort_key').orderBy('child.id').limit(limit ?? 1_000)
      if (ids !== undefined) rows = rows.where('child.id', 'in', ids.length === 0 ? [''] : ids)
      if (schoolId !== undefined) rows = rows.where('school_class.school_id', '=', schoolId)
      if (classId !== undefined) rows = rows.where('school_class.id', '=', classId)
      return (await rows.execute()).map(childCard)
    },
    schools: () => schoolCards(c.db),
    quotient: async ({ householdId, on }) => {
      if (!mayRead(c, 'quotient.read') && !await isOwnHousehold(c, householdId)) return null
      const row = await quotientOn(c.db, householdId, on)
      return row === undefined ? null : { value: row.value, month: row.month, source: row.source }
    },
    payers: async ({ childId, days }) => {
      const child = await c.db.selectFrom('child').select(['id', 'household_id']).where('id', '=', childId).executeTakeFirst()
      if (child === undefined || (!mayRead(c, 'household.read') && !await isOwnHousehold(c, child.household_id))) return []
      const first = await c.db.selectFrom('guardian').select('id').where('household_id', '=', child.household_id).orderBy('position').orderBy('id').executeTakeFirst()
      if (first === undefined) return []
      const rules = await rulesOf(c.db, child.household_id, childId)
      return days.map((day) => ({ day, payers: [...payersOn(day, rules, first.id)] }))
    },
    quotients: ({ householdIds, days }) => quotientsOn(c.db, householdIds, days),
    payerPeriods: ({ childIds, from, to }) => payerPeriods(c.db, childIds, from, to),
    healthFlags: async ({ childIds, purpose, on }) => {
      const records = await openRecords(c, c.db, childIds)
      const flags = [...records].flatMap(([childId, record]) => {
        const flag = flagFor(record, purpose, on)
        return flag === undefined ? [] : [{ childId, ...flag, allergens: [...flag.allergens] }]
      })
      await c.audit('health.flags-read', purpose, { day: on, children: childIds.length, flagged: flags.length })
      return flags.toSorted((a, b) => (a.childId < b.childId ? -1 : 1))
    },
    pickUpPersons: async ({ childId, on }) => {
      const child = await c.db.selectFrom('child').select('household_id').where('id', '=', childId).executeTakeFirst()
      if (child === undefined) return []
      const guardians = await c.db.selectFrom('guardian').selectAll().where('household_id', '=', child.household_id).where('may_fetch', '=', 1).orderBy('position').execute()
      const others = await c.db.selectFrom('pick_up_person').selectAll().where('child_id', '=', childId)
        .where((or) => or.or([or('first_day', 'is', null), or('first_day', '<=', on)])).where((or) => or.or([or('last_day', 'is', null), or('last_day', '>=', on)])).orderBy('name').execute()
      return [
        ...guardians.map(({ first_name, last_name, phone }) => ({ name: `${first_name} ${last_name}`, ...(phone === null ? {} : { phone }), relation: c.t('relation.guardian') })),
        ...others.map(({ name, phone, relation }) => ({ name, ...(phone === null ? {} : { phone }), relation })),
      ]
    },
  }
}
