import { Type } from '@liberacces/sdk'
import type { FamiliesRegistrar } from '../families-types.ts'
import { normalCode } from '../claim-code.ts'
import { touchHousehold } from '../store/households.ts'

const ClaimForm = Type.Object({ code: Type.String({ minLength: 1, maxLength: 40 }) })

/** Links the acting account to a guardian whom agents have entered, by the code that stood in a letter. A code works once. */
export function registerClaim(k: FamiliesRegistrar): void {
  k.form({ path: '/rattacher', audience: 'citizen', permission: 'family.own', title: 'page.claim', intro: 'claim.intro', submit: 'claim.submit', schema: ClaimForm }, async (c, { code }) => {
    const wanted = normalCode(code)
    const guardian = wanted === undefined ? undefined : await c.transaction(async (tx) => {
      const found = await tx.selectFrom('guardian').select(['id', 'household_id']).where('claim_code', '=', wanted).where('account_id', 'is', null).executeTakeFirst()
      if (found === undefined) return undefined
      await tx.updateTable('guardian').set({ account_id: c.actor.id, claim_code: null }).where('id', '=', found.id).execute()
      await touchHousehold(c, tx, found.household_id)
      return found
    })
    if (guardian === undefined) return c.invalid({ code: c.t('claim.unknown') })
    await c.audit('guardian.claimed', guardian.id)
    return c.redirect('/', 'notice.claimed')
  })
}
