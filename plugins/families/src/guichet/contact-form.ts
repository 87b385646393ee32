import type { FamiliesRegistrar } from '../families-types.ts'
import { guardianForm, missingOfAddress, OwnContactForm } from '../forms.ts'
import { ownGuardian } from '../ownership.ts'
import { touchHousehold } from '../store/households.ts'

/** A guardian says how to be reached, and where the own bills go: two who pay may live apart. Names and rights are for agents to change. */
export function registerContactForm(k: FamiliesRegistrar): void {
  k.form({ path: '/coordonnees/:id', audience: 'citizen', permission: 'family.own', title: 'page.contact', intro: 'contact.intro', schema: OwnContactForm }, async (c, data, { params }) => {
    const guardian = await ownGuardian(c, params['id'] ?? '')
    if (guardian === undefined) return c.notFound()
    const missing = missingOfAddress(data)
    if (missing !== undefined) return c.invalid({ [missing]: c.t('problem.whole-address') })
    await c.transaction(async (tx) => {
      await tx.updateTable('guardian').set({
        email: data.email?.toLowerCase() ?? null, phone: data.phone ?? null, address: data.ownAddress ?? null, postcode: data.ownPostcode ?? null, town: data.ownTown ?? null,
      }).where('id', '=', guardian.id).execute()
      await touchHousehold(c, tx, guardian.household_id)
    })
    await c.audit('guardian.contact-changed', guardian.id)
    return c.redirect('/', 'notice.saved')
  }, async (c, { params }) => {
    const guardian = await ownGuardian(c, params['id'] ?? '')
    if (guardian === undefined) return undefined
    const { firstName: _first, lastName: _last, mayBook: _book, mayFetch: _fetch, ...form } = guardianForm(guardian)
    return form
  })
}
