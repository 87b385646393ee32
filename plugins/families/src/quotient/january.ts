/** Each January every quotient familial is read anew; families that did not consent are asked to bring theirs. */
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { mailGuardians } from '../mail-guardians.ts'
import { obstacle, readQuotient } from './read-quotient.ts'

/** Households that one run asks about; the service takes 20 requests in a second, and they are asked one after the other. */
const BATCH = 60

/** The two jobs of January. */
export function registerJanuary(k: FamiliesRegistrar): void {
  k.schedule({ id: 'read-quotients', cron: '*/15 2-6 * 1 *', timeoutMs: 600_000 }, rereadQuotients)
  k.schedule({ id: 'remind-quotients', cron: '30 9 5 1 *', timeoutMs: 600_000 }, remindQuotients)
}

/** Reads the next ones. It stops at once where the service says that it is too much, and goes on when that time is over. */
async function rereadQuotients(c: FamiliesContext): Promise<void> {
  if (obstacle(c) !== undefined) return
  const now = c.now().toISOString()
  const busy = await c.db.selectFrom('quotient_consent').select('household_id').where('outcome', '=', 'busy').where('retry_at', '>', now).executeTakeFirst()
  if (busy !== undefined) return
  const due = await c.db.selectFrom('quotient_consent').select(['household_id', 'guardian_id']).where('withdrawn_at', 'is', null)
    .where((or) => or.or([
      or('asked_at', 'is', null), or('asked_at', '<', `${c.today().slice(0, 4)}-01-01`),
      or.and([or('outcome', 'in', ['busy', 'unreachable', 'refused']), or.or([or('retry_at', 'is', null), or('retry_at', '<=', now)])]),
    ]))
    .orderBy('household_id').limit(BATCH).execute()
  for (const consent of due) {
    const answer = await readQuotient(c, consent)
    if (answer?.kind === 'busy' || answer?.kind === 'refused' || c.signal.aborted) return
  }
}

/** One mail to the guardians of each household whose quotient ends this month and who did not consent. The alert in the Bureau says the same. */
async function remindQuotients(c: FamiliesContext): Promise<void> {
  if (!c.granted('mail:send')) return
  const end = `${c.today().slice(0, 4)}-01-31`
  const guardians = await c.db.selectFrom('guardian').select('email').distinct().where('email', 'is not', null)
    .where((where) => where.exists(where.selectFrom('quotient').select('quotient.id').whereRef('quotient.household_id', '=', 'guardian.household_id').where('last_day', '=', end)))
    .where((where) => where.not(where.exists(where.selectFrom('quotient').select('quotient.id').whereRef('quotient.household_id', '=', 'guardian.household_id').where('last_day', '>', end))))
    .where((where) => where.not(where.exists(where.selectFrom('quotient_consent').select('quotient_consent.household_id').whereRef('quotient_consent.household_id', '=', 'guardian.household_id').where('withdrawn_at', 'is', null))))
    .orderBy('email').execute()
  await mailGuardians(c, guardians.flatMap(({ email }) => email ?? []), { subject: c.t('mail.quotient.subject'), text: c.t('mail.quotient.text', { tenant: c.tenant.name, url: c.absoluteUrl('/') }) })
}
