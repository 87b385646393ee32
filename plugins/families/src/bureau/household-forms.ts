import { Choice, Type } from '@liberacces/sdk'
import { HouseholdChanged } from '../contract.ts'
import { makeCode } from '../claim-code.ts'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { ChildForm, GuardianByAgentForm, guardianForm, guardianOf, HouseholdByAgentForm, missingOfAddress } from '../forms.ts'
import { insertChild } from '../store/children.ts'
import { custodyRow } from '../store/custody.ts'
import { insertGuardian, insertHousehold, removeGuardian, updateGuardian, updateHousehold } from '../store/households.ts'
import { insertQuotient } from '../store/quotients.ts'
import type { Tables } from '../tables.ts'

const NewHouseholdForm = Type.Object({ firstName: GuardianByAgentForm.properties.firstName, lastName: GuardianByAgentForm.properties.lastName, email: GuardianByAgentForm.properties.email, phone: GuardianByAgentForm.properties.phone, ...HouseholdByAgentForm.properties })
const CustodyForm = Type.Object({
  custodyKind: Choice(['alternating', 'shared'], { default: 'alternating' }), startsOn: Type.String({ format: 'date' }),
  evenWeeks: Choice(['first', 'second'], { default: 'first' }), handoverWeekday: Choice(['1', '2', '3', '4', '5', '6', '7'], { default: '5' }),
  firstShare: Type.Integer({ minimum: 0, maximum: 100, default: 50 }),
})
const QuotientForm = Type.Object({ value: Type.Integer({ minimum: 0, maximum: 100_000 }), month: Type.String({ pattern: String.raw`^\d{4}-(0[1-9]|1[0-2])$` }), fromDay: Type.String({ format: 'date' }) })

/** Forms of households, guardians and who pays. */
export function registerHouseholdForms(k: FamiliesRegistrar): void {
  const access = { audience: 'agent', permission: 'household.write' } as const

  k.form({ ...access, path: '/gestion/foyers/ajouter', title: 'page.household.add', intro: 'household.add.intro', schema: NewHouseholdForm }, async (c, data) => {
    const { id } = await c.transaction((tx) => insertHousehold(c, tx, data, [guardianOf(data)]))
    await c.audit('household.created', id)
    return c.redirect(`/gestion/foyers/${id}`, 'notice.saved')
  }, async (c) => ({ town: c.tenant.name, resident: true }))

  k.form({ ...access, path: '/gestion/foyers/:id/modifier', title: 'page.household.edit', schema: HouseholdByAgentForm }, async (c, data, { params }) => {
    const id = params['id'] ?? ''
    if (!await c.transaction((tx) => updateHousehold(c, tx, id, data))) return c.notFound()
    await c.audit('household.changed', id)
    return c.redirect(`/gestion/foyers/${id}`, 'notice.saved')
  }, async (c, { params }) => {
    const row = await householdOf(c, params['id'])
    return row === undefined ? undefined : { address: row.address, postcode: row.postcode, town: row.town, resident: row.resident === 1 }
  })

  k.form({ ...access, path: '/gestion/foyers/:id/responsables/ajouter', title: 'guardian.add', schema: GuardianByAgentForm }, async (c, data, { params }) => {
    const row = await householdOf(c, params['id'])
    if (row === undefined) return c.notFound()
    const missing = missingOfAddress(data)
    if (missing !== undefined) return c.invalid({ [missing]: c.t('problem.whole-address') })
    const id = await c.transaction((tx) => insertGuardian(c, tx, row.id, guardianOf(data)))
    await c.audit('guardian.added', id)
    return c.redirect(`/gestion/foyers/${row.id}`, 'notice.saved')
  }, async (c, { params }) => (await householdOf(c, params['id']) === undefined ? undefined : { mayBook: true, mayFetch: true }))

  k.form({ ...access, path: '/gestion/responsables/:id/modifier', title: 'page.guardian.edit', schema: GuardianByAgentForm }, async (c, data, { params }) => {
    const row = await guardianById(c, params['id'])
    if (row === undefined) return c.notFound()
    const missing = missingOfAddress(data)
    if (missing !== undefined) return c.invalid({ [missing]: c.t('problem.whole-address') })
    await c.transaction((tx) => updateGuardian(c, tx, row, guardianOf(data)))
    await c.audit('guardian.changed', row.id)
    return c.redirect(`/gestion/foyers/${row.household_id}`, 'notice.saved')
  }, async (c, { params }) => {
    const row = await guardianById(c, params['id'])
    return row === undefined ? undefined : guardianForm(row)
  })

  k.action({ ...access, path: '/gestion/responsables/:id/retirer' }, async (c, { params }) => {
    const row = await guardianById(c, params['id'])
    if (row === undefined) return c.notFound()
    const removal = await c.transaction((tx) => removeGuardian(c, tx, row))
    if (removal !== 'removed') return c.invalid({ '': c.t(`problem.${removal}`) })
    await c.audit('guardian.removed', row.id)
    return c.redirect(`/gestion/foyers/${row.household_id}`, 'notice.removed')
  })

  k.action({ ...access, path: '/gestion/responsables/:id/code' }, async (c, { params }) => {
    const row = await guardianById(c, params['id'])
    if (row === undefined || row.account_id !== null) return c.notFound()
    await c.db.updateTable('guardian').set({ claim_code: makeCode(c) }).where('id', '=', row.id).where('account_id', 'is', null).execute()
    await c.audit('guardian.code-made', row.id)
    return c.redirect(`/gestion/foyers/${row.household_id}`, 'notice.code-made')
  })

  k.form({ ...access, path: '/gestion/foyers/:id/enfants/ajouter', title: 'child.add', schema: ChildForm }, async (c, data, { params }) => {
    const row = await householdOf(c, params['id'])
    if (row === undefined) return c.notFound()
    if (data.birthDay > c.today()) return c.invalid({ birthDay: c.t('problem.future') })
    const id = await c.transaction((tx) => insertChild(c, tx, row.id, data))
    await c.audit('child.created', id)
    return c.redirect(`/gestion/enfants/${id}`, 'notice.saved')
  }, async (c, { params }) => {
    const row = await householdOf(c, params['id'])
    if (row === undefined) return undefined
    const first = await c.db.selectFrom('guardian').select('last_name').where('household_id', '=', row.id).orderBy('position').executeTakeFirst()
    return { lastName: first?.last_name ?? '' }
  })

  k.form({ ...access, path: '/gestion/foyers/:id/garde', title: 'custody.add', intro: 'custody.intro', schema: CustodyForm }, async (c, data, { params }) => {
    const row = await householdOf(c, params['id'])
    if (row === undefined) return c.notFound()
    const [one, two] = await c.db.selectFrom('guardian').select('id').where('household_id', '=', row.id).orderBy('position').orderBy('id').limit(2).execute()
    if (one === undefined || two === undefined) return c.invalid({ '': c.t('problem.two-guardians') })
    const [even, odd] = data.evenWeeks === 'first' ? [one.id, two.id] : [two.id, one.id]
    await c.transaction(async (tx) => {
      // One rule for a day: another that begins on the same one takes its place.
      await tx.deleteFrom('custody').where('household_id', '=', row.id).where('child_id', 'is', null).where('first_day', '=', data.startsOn).execute()
      await tx.insertInto('custody').values(custodyRow(c.id(), row.id, undefined, data.custodyKind === 'alternating'
        ? { kind: 'alternating', firstDay: data.startsOn, firstGuardianId: even, secondGuardianId: odd, handoverWeekday: Number(data.handoverWeekday) }
        : { kind: 'shared', firstDay: data.startsOn, firstGuardianId: one.id, secondGuardianId: two.id, firstShare: data.firstShare * 100 })).execute()
      await tx.emit(HouseholdChanged, { householdId: row.id, change: 'updated' })
    })
    await c.audit('custody.changed', row.id, { kind: data.custodyKind, from: data.startsOn })
    return c.redirect(`/gestion/foyers/${row.id}`, 'notice.saved')
  }, async (c, { params }) => (await householdOf(c, params['id']) === undefined ? undefined : { startsOn: c.today() }))

  k.action({ ...access, path: '/gestion/foyers/:id/garde/:rule/retirer' }, async (c, { params }) => {
    const row = await householdOf(c, params['id'])
    if (row === undefined) return c.notFound()
    await c.transaction(async (tx) => {
      await tx.deleteFrom('custody').where('id', '=', params['rule'] ?? '').where('household_id', '=', row.id).execute()
      await tx.emit(HouseholdChanged, { householdId: row.id, change: 'updated' })
    })
    await c.audit('custody.removed', row.id)
    return c.redirect(`/gestion/foyers/${row.id}`, 'notice.removed')
  })

  k.form({ ...access, path: '/gestion/foyers/:id/quotient', title: 'quotient.declare', intro: 'quotient.declare.intro', schema: QuotientForm }, async (c, data, { params }) => {
    const row = await householdOf(c, params['id'])
    if (row === undefined) return c.notFound()
    await c.transaction((tx) => insertQuotient(c, tx, row.id, { value: data.value, month: data.month, source: 'declared' }, data.fromDay))
    await c.audit('quotient.declared', row.id)
    return c.redirect(`/gestion/foyers/${row.id}`, 'notice.saved')
  }, async (c, { params }) => (await householdOf(c, params['id']) === undefined ? undefined : { month: c.today().slice(0, 7), fromDay: c.today() }))
}

/** A household of that id. */
function householdOf(c: FamiliesContext, id: string | undefined): Promise<Tables['household'] | undefined> {
  return c.db.selectFrom('household').selectAll().where('id', '=', id ?? '').executeTakeFirst()
}

function guardianById(c: FamiliesContext, id: string | undefined): Promise<Tables['guardian'] | undefined> {
  return c.db.selectFrom('guardian').selectAll().where('id', '=', id ?? '').executeTakeFirst()
}
