import { CivilStatusForm, civilStatusOf } from '../forms.ts'
import type { FamiliesRegistrar } from '../families-types.ts'
import { ownGuardian } from '../ownership.ts'
import { obstacle, readQuotient } from '../quotient/read-quotient.ts'

/** The family lets its quotient familial be read: now, and each January. What was agreed to can be taken back at any time. */
export function registerConsent(k: FamiliesRegistrar): void {
  k.form({ path: '/quotient/:id', audience: 'citizen', permission: 'family.own', title: 'page.quotient', intro: 'quotient.intro', submit: 'quotient.submit', schema: CivilStatusForm }, async (c, data, { params }) => {
    const householdId = params['id'] ?? ''
    const guardian = await ownGuardian(c, householdId)
    if (guardian === undefined) return c.notFound()
    if (data.birthCountry === '99100' && data.birthCommune === undefined) return c.invalid({ birthCommune: c.t('problem.birth-commune') })
    const sealed = await c.secrets.seal(JSON.stringify(civilStatusOf(data)))
    const consent = { household_id: householdId, guardian_id: guardian.id, given_at: c.now().toISOString(), withdrawn_at: null, asked_at: null, retry_at: null, outcome: null }
    await c.transaction(async (tx) => {
      await tx.updateTable('guardian').set({ civil_status: sealed }).where('id', '=', guardian.id).execute()
      await tx.deleteFrom('quotient_consent').where('household_id', '=', householdId).execute()
      await tx.insertInto('quotient_consent').values(consent).execute()
    })
    await c.audit('quotient.consent-given', householdId)
    if (obstacle(c) !== undefined) return c.redirect('/', 'notice.consent-kept')
    const answer = await readQuotient(c, consent)
    return c.redirect('/', answer?.kind === 'read' ? 'notice.quotient-read' : answer?.kind === 'not-found' ? 'notice.quotient-not-found' : 'notice.quotient-later')
  }, async (c, { params }) => {
    const guardian = await ownGuardian(c, params['id'] ?? '')
    return guardian === undefined ? undefined : { birthName: guardian.last_name, firstNames: guardian.first_name, birthCountry: '99100' }
  })

  k.action({ path: '/quotient/:id/retirer', audience: 'citizen', permission: 'family.own' }, async (c, { params }) => {
    const householdId = params['id'] ?? ''
    if (await ownGuardian(c, householdId) === undefined) return c.notFound()
    await c.transaction(async (tx) => {
      await tx.updateTable('quotient_consent').set({ withdrawn_at: c.now().toISOString() }).where('household_id', '=', householdId).where('withdrawn_at', 'is', null).execute()
      // Kept for this alone.
      await tx.updateTable('guardian').set({ civil_status: null }).where('household_id', '=', householdId).execute()
    })
    await c.audit('quotient.consent-withdrawn', householdId)
    return c.redirect('/', 'notice.consent-withdrawn')
  })
}
