/** Deciding on what families ask for: whether a child may book an activity. */
import { Families } from '@liberacces/plugin-families/contract'
import type { CanteenContext } from '../canteen-types.ts'
import { EnrolmentDecided } from '../contract.ts'
import type { EnrolmentRow } from './engine/situation.ts'
import { dateWords } from './words/day-words.ts'

/** Accepts a request, or refuses it with a reason. Of two agents at once the second finds it decided. @returns whether there was something to decide */
export async function decideEnrolment(c: CanteenContext, id: string, decision: 'active' | 'refused', reason: string | null): Promise<boolean> {
  const decided = await c.transaction(async (tx) => {
    const row = await tx.updateTable('enrolment').set({ state: decision, decided_at: c.now().toISOString(), reason }).where('id', '=', id).where('state', '=', 'requested').returningAll().executeTakeFirst()
    if (row === undefined) return false
    await tx.emit(EnrolmentDecided, { enrolmentId: id, childId: row.child_id, householdId: row.household_id, activityId: row.activity_id, decision })
    return true
  })
  if (decided) await c.audit(`enrolment.${decision}`, id)
  return decided
}

/** Tells the household by mail. A handler of the event: it acts as the platform, so that the agent who decided need not read families. */
export async function mailDecision(c: CanteenContext, enrolmentId: string): Promise<void> {
  if (!c.granted('mail:send')) return
  const row: EnrolmentRow | undefined = await c.db.selectFrom('enrolment').selectAll().where('id', '=', enrolmentId).executeTakeFirst()
  const activity = row === undefined ? undefined : await c.db.selectFrom('activity').select('name').where('id', '=', row.activity_id).executeTakeFirst()
  if (row === undefined || activity === undefined || (row.state !== 'active' && row.state !== 'refused')) return
  const household = await c.use(Families).household({ id: row.household_id })
  const child = household?.children.find(({ id }) => id === row.child_id)
  const to = [...new Set((household?.guardians ?? []).flatMap(({ email }) => email ?? []))]
  if (child === undefined || to.length === 0) return
  const values = { child: child.firstName, activity: activity.name, day: dateWords(row.first_day, c.locale), reason: row.reason ?? '', url: c.absoluteUrl(row.state === 'active' ? '/' : '/inscription') }
  await c.transaction(async (tx) => {
    for (const address of to) await tx.mail.send({ to: address, subject: c.t(`booking.mail.enrolment.${row.state as 'active' | 'refused'}.subject`, values), text: c.t(`booking.mail.enrolment.${row.state as 'active' | 'refused'}.text`, values) })
  })
}
