import { Choice, LongText, Type } from '@liberacces/sdk'
import { DECISIONS, needsReason } from '../permit-request.ts'
import { decideRequest, requestById } from '../requests.ts'
import type { StreetPermitRegistrar } from '../street-permit-types.ts'

const Fields = Type.Object({ decision: Choice(DECISIONS), reason: Type.Optional(LongText({ maxLength: 1_000 })) })

/** The decision on one request. Once decided it cannot be decided again. */
export function registerDecisionForm(k: StreetPermitRegistrar): void {
  k.form({
    path: '/gestion/demandes/:id/decider', audience: 'agent', permission: 'request.decide', schema: Fields, title: 'page.decide', intro: 'page.decide.intro', submit: 'action.decide',
  }, async (c, { decision, reason }, { params }) => {
    const id = params['id'] ?? ''
    const why = reason === undefined || reason.trim() === '' ? undefined : reason
    if (needsReason(decision) && why === undefined) return c.invalid({ reason: c.t('error.reason') })
    const outcome = await decideRequest(c, id, decision, why)
    switch (outcome) {
      case 'decided': return c.redirect(`/gestion/demandes/${id}`, 'notice.decided')
      case 'decided-before': return c.invalid({ '': c.t('error.decided-before') })
      case 'unknown': return c.notFound()
      default: return outcome satisfies never
    }
  }, async (c, { params }) => (await requestById(c.db, params['id'] ?? '') === undefined ? undefined : {}))
}
