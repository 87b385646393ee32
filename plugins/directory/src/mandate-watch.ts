import { asDay } from '@liberacces/sdk'
import { MandateEnded, PersonChanged } from './contract.ts'
import type { DirectoryContext, DirectoryRegistrar } from './directory-types.ts'
import { mandatesEnding } from './store/mandates.ts'
import { today } from './store/people.ts'

/** Every morning: announces mandates that are over, once each, and notes those that end soon. */
export function registerMandateWatch(k: DirectoryRegistrar): void {
  k.schedule({ id: 'mandates', cron: '10 4 * * *', timeoutMs: 60_000 }, announceEndedMandates)
}

/** Announces each mandate whose last day has passed. A second run, or a run after days of silence, announces no mandate twice. */
async function announceEndedMandates(c: DirectoryContext): Promise<void> {
  const day = today(c)
  const ended = await c.db
    .selectFrom('mandate')
    .select(['id', 'person_id', 'last_day'])
    .where('announced', '=', 0)
    .where('last_day', '<', day)
    .orderBy('last_day')
    .orderBy('id')
    .execute()
  for (const mandate of ended) {
    if (mandate.last_day === null) continue
    const lastDay = asDay(mandate.last_day)
    const announced = await c.transaction(async (tx) => {
      const { numUpdatedRows } = await tx.updateTable('mandate').set({ announced: 1 }).where('id', '=', mandate.id).where('announced', '=', 0).executeTakeFirstOrThrow()
      if (Number(numUpdatedRows) === 0) return false
      await tx.emit(MandateEnded, { mandateId: mandate.id, personId: mandate.person_id, lastDay })
      // Who is no longer in office is no longer shown, or with another role.
      await tx.emit(PersonChanged, { personId: mandate.person_id, change: 'updated' })
      return true
    })
    if (!announced) continue
    await c.audit('mandate.ended', mandate.id, { person: mandate.person_id, lastDay })
    c.log.info('A mandate ended.', { mandate: mandate.id, person: mandate.person_id, lastDay })
  }
  const ending = await mandatesEnding(c.db, day, c.settings.noticeDays)
  if (ending.length > 0) c.log.info('Mandates end soon.', { count: ending.length, days: c.settings.noticeDays })
}
