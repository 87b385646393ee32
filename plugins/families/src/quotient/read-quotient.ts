/** Reads the quotient familial of a household that consented, and keeps what came of it. */
import type { FamiliesContext } from '../families-types.ts'
import { insertQuotient } from '../store/quotients.ts'
import type { Tables } from '../tables.ts'
import { API_HOSTS, askQuotient, type QuotientAnswer } from './api-particulier.ts'
import type { CivilStatus } from './civil-status.ts'

/** How long a service that did not answer is left alone. */
const UNREACHABLE_WAIT_MS = 6 * 3_600_000

/** Why nobody can be asked at all. */
export type Obstacle = 'no-token' | 'no-siret' | 'scope-refused'

/** What keeps the quotient familial from being asked for on this tenant; `undefined` where nothing does. */
export function obstacle(c: FamiliesContext): Obstacle | undefined {
  if (!c.granted(c.settings.apiEnvironment === 'staging' ? 'net:staging.particulier.api.gouv.fr' : 'net:particulier.api.gouv.fr')) return 'scope-refused'
  if (c.settings.apiToken === undefined) return 'no-token'
  return c.settings.siret === undefined ? 'no-siret' : undefined
}

/** Asks, and stores the answer with how it went. `undefined` where the person's civil status is not known any more. */
export async function readQuotient(c: FamiliesContext, consent: Pick<Tables['quotient_consent'], 'household_id' | 'guardian_id'>): Promise<QuotientAnswer | undefined> {
  const guardian = await c.db.selectFrom('guardian').select('civil_status').where('id', '=', consent.guardian_id).executeTakeFirst()
  const text = guardian?.civil_status === null || guardian === undefined ? undefined : await c.secrets.open(guardian.civil_status)
  if (text === undefined) return undefined
  const answer = await askQuotient({
    fetch: (url, init) => c.fetch(url, init), host: API_HOSTS[c.settings.apiEnvironment], token: c.settings.apiToken ?? '', recipient: c.settings.siret ?? '', signal: c.signal, now: () => c.now().getTime(),
  }, JSON.parse(text) as CivilStatus)
  await c.transaction(async (tx) => {
    if (answer.kind === 'read') await insertQuotient(c, tx, consent.household_id, { value: answer.value, month: answer.month, source: answer.source }, c.today())
    await tx.updateTable('quotient_consent').set({ asked_at: c.now().toISOString(), retry_at: retryAt(c, answer), outcome: answer.kind }).where('household_id', '=', consent.household_id).execute()
  })
  await c.audit('quotient.asked', consent.household_id, { outcome: answer.kind })
  // Who was asked about stays out of the log.
  if (answer.kind === 'unreachable' || answer.kind === 'refused') c.log.warn('API Particulier did not answer as it should.', { kind: answer.kind, status: answer.status ?? null })
  return answer
}

function retryAt(c: FamiliesContext, answer: QuotientAnswer): string | null {
  if (answer.kind === 'busy') return new Date(c.now().getTime() + answer.retryAfterMs).toISOString()
  return answer.kind === 'unreachable' || answer.kind === 'refused' ? new Date(c.now().getTime() + UNREACHABLE_WAIT_MS).toISOString() : null
}
