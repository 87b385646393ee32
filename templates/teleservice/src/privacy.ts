import type { Privacy } from '@liberacces/sdk'
import type { StreetPermitContext } from './street-permit-types.ts'
import type { Tables } from './tables.ts'

/** How long a request is kept: two years, after which nobody can contest a decision any more. */
const RETENTION_DAYS = 730

/** The columns of a request whose applicant is forgotten. */
const NOBODY = { applicant_id: null, applicant_name: null, applicant_email: null, details: null, plan_id: null, plan_name: null } as const

/** Applicants are known by their account. */
export const privacy = {
  stores: [{
    table: 'request', subject: 'applicant_id', basis: 'public-task', retentionDays: RETENTION_DAYS,
    purpose: { fr: 'Instruire les demandes d’autorisation de voirie et y répondre', en: 'Examining and answering requests for permits' },
  }],
  export: async (c, { id }) => {
    const requests = await c.db.selectFrom('request').selectAll().where('applicant_id', '=', id).orderBy('id').execute()
    return { data: { requests }, files: requests.flatMap(({ plan_id: plan }) => plan ?? []) }
  },
  erase: async (c, { id }) => {
    const plans = await c.db.selectFrom('request').select('plan_id').where('applicant_id', '=', id).execute()
    const { numUpdatedRows } = await c.db.updateTable('request').set(NOBODY).where('applicant_id', '=', id).executeTakeFirstOrThrow()
    await dropPlans(c, plans)
    return { erased: Number(numUpdatedRows) }
  },
  expire: async (c, { before }) => {
    const old = await c.db.selectFrom('request').select(['id', 'plan_id']).where('sent_at', '<', before.toISOString()).orderBy('id').limit(200).execute()
    if (old.length > 0) await c.db.deleteFrom('request').where('id', 'in', old.map(({ id }) => id)).execute()
    await dropPlans(c, old)
    return { expired: old.length, hasMore: old.length === 200 }
  },
} satisfies Privacy<Tables, StreetPermitContext>

/** The rows are gone first: a plan that a crash leaves is nobody's, a row whose plan is gone would lead nowhere. */
async function dropPlans(c: StreetPermitContext, rows: readonly { readonly plan_id: string | null }[]): Promise<void> {
  for (const { plan_id: plan } of rows) if (plan !== null) await c.files.delete(plan)
}
