/** Requests to be registered in the tables: saving between steps, sending, deciding. */
import { foldText } from '@liberacces/sdk'
import type { FamiliesContext } from '../families-types.ts'
import { schoolYearOf } from '../domain/school-year.ts'
import { insertChild } from '../store/children.ts'
import { insertDocument } from '../store/documents.ts'
import { saveHealth, sealRecord } from '../store/health.ts'
import { insertHousehold } from '../store/households.ts'
import { placeChild } from '../store/schools.ts'
import type { Tables } from '../tables.ts'
import { EMPTY_DRAFT, filesOf, isComplete, type Draft } from './draft.ts'

/** A request with what was filled in. */
export interface OpenRequest { readonly row: Tables['request']; readonly draft: Draft }

/** Begins a request of the acting account. */
export async function beginRequest(c: FamiliesContext): Promise<string> {
  const [id, now] = [c.id(), c.now().toISOString()]
  await c.db.insertInto('request').values({
    id, account_id: c.actor.id, applicant_name: c.actor.name, state: 'draft', sealed: await c.secrets.seal(JSON.stringify(EMPTY_DRAFT)), household_id: null, reason: null, created_at: now, updated_at: now, sent_at: null, decided_at: null,
  }).execute()
  return id
}

/** The acting account's own request; `undefined` for anybody else's. */
export async function ownRequest(c: FamiliesContext, id: string): Promise<OpenRequest | undefined> {
  const row = await c.db.selectFrom('request').selectAll().where('id', '=', id).where('account_id', '=', c.actor.id).executeTakeFirst()
  return row === undefined ? undefined : { row, draft: await openDraft(c, row) }
}

/** What was filled in. @throws Error when the text was not sealed here: nothing must be decided on half of it */
export async function openDraft(c: FamiliesContext, row: Tables['request']): Promise<Draft> {
  const text = await c.secrets.open(row.sealed)
  if (text === undefined) throw new Error(`Request ${row.id} cannot be opened: it was not sealed on this platform, or was changed.`)
  return JSON.parse(text) as Draft
}

/** Keeps what was filled in at one step. Only a draft changes. `false` where it is none any more. */
export async function saveDraft(c: FamiliesContext, id: string, draft: Draft): Promise<boolean> {
  const sealed = await c.secrets.seal(JSON.stringify(draft))
  const { numUpdatedRows } = await c.db.updateTable('request').set({ sealed, updated_at: c.now().toISOString() }).where('id', '=', id).where('account_id', '=', c.actor.id).where('state', '=', 'draft').executeTakeFirstOrThrow()
  return Number(numUpdatedRows) === 1
}

/** Sends a complete draft to the agents. */
export async function sendRequest(c: FamiliesContext, { row, draft }: OpenRequest): Promise<boolean> {
  if (!isComplete(draft)) return false
  const now = c.now().toISOString()
  const { numUpdatedRows } = await c.db.updateTable('request').set({ state: 'sent', sent_at: now, updated_at: now }).where('id', '=', row.id).where('state', '=', 'draft').executeTakeFirstOrThrow()
  if (Number(numUpdatedRows) === 1) await c.audit('request.sent', row.id)
  return Number(numUpdatedRows) === 1
}

/** Deletes a draft with its files. */
export async function dropDraft(c: FamiliesContext, { row, draft }: OpenRequest): Promise<void> {
  await c.db.deleteFrom('request').where('id', '=', row.id).where('state', '=', 'draft').execute()
  for (const file of filesOf(draft)) await c.files.delete(file)
}

/** What became of a decision. */
export type Decision = { readonly kind: 'accepted'; readonly householdId: string } | { readonly kind: 'refused' } | { readonly kind: 'decided-before' }

/** Makes household and children of a request, each child in the class of its level where there is just one. All of it or nothing, and never twice. */
export async function acceptRequest(c: FamiliesContext, { row, draft }: OpenRequest): Promise<Decision> {
  const { household } = draft
  if (household === undefined) return { kind: 'decided-before' }
  const sealed = await Promise.all(draft.children.map(({ health }) => (health === undefined ? Promise.resolve(undefined) : sealRecord(c, health))))
  const empty = await emptied(c)
  const decision = await c.transaction(async (tx): Promise<Decision> => {
    const now = c.now().toISOString()
    const { numUpdatedRows } = await tx.updateTable('request').set({ state: 'accepted', decided_at: now, updated_at: now }).where('id', '=', row.id).where('state', '=', 'sent').executeTakeFirstOrThrow()
    if (Number(numUpdatedRows) === 0) return { kind: 'decided-before' }
    const resident = foldText(household.town) === foldText(c.tenant.name)
    const { id: householdId } = await insertHousehold(c, tx, { ...household, resident }, draft.guardians.map((guardian, index) => ({ ...guardian, accountId: index === 0 ? row.account_id ?? undefined : undefined })))
    const classes = await tx.selectFrom('school_class').select(['id', 'level']).execute()
    for (const [index, child] of draft.children.entries()) {
      const childId = await insertChild(c, tx, householdId, child)
      const fitting = classes.filter(({ level }) => level === child.level)
      const { lastDay } = schoolYearOf(c.today())
      if (fitting.length === 1 && fitting[0] !== undefined) await placeChild(c, tx, childId, fitting[0].id, { firstDay: c.today(), lastDay })
      const record = sealed[index]
      if (record !== undefined) await saveHealth(c, tx, childId, record)
      for (const document of child.documents) await insertDocument(c, tx, { householdId, childId }, { kind: document.kind, validUntil: document.validUntil, file: { id: document.fileId, name: document.fileName } })
    }
    await tx.updateTable('request').set({ household_id: householdId, sealed: empty }).where('id', '=', row.id).execute()
    await tell(c, tx, draft, 'accepted', undefined)
    return { kind: 'accepted', householdId }
  })
  if (decision.kind === 'accepted') await c.audit('request.accepted', row.id, { household: decision.householdId })
  return decision
}

/** Refuses a request; the family reads why. Its files go. */
export async function refuseRequest(c: FamiliesContext, { row, draft }: OpenRequest, reason: string): Promise<Decision> {
  const sealed = await emptied(c)
  const decided = await c.transaction(async (tx) => {
    const now = c.now().toISOString()
    const { numUpdatedRows } = await tx.updateTable('request').set({ state: 'refused', reason, decided_at: now, updated_at: now, sealed }).where('id', '=', row.id).where('state', '=', 'sent').executeTakeFirstOrThrow()
    if (Number(numUpdatedRows) === 0) return false
    await tell(c, tx, draft, 'refused', reason)
    return true
  })
  if (!decided) return { kind: 'decided-before' }
  await c.audit('request.refused', row.id)
  for (const file of filesOf(draft)) await c.files.delete(file)
  return { kind: 'refused' }
}

/** What was filled in lives on in the household, or nowhere. */
function emptied(c: FamiliesContext): Promise<string> {
  return c.secrets.seal(JSON.stringify(EMPTY_DRAFT))
}

async function tell(c: FamiliesContext, tx: Parameters<Parameters<FamiliesContext['transaction']>[0]>[0], draft: Draft, decision: 'accepted' | 'refused', reason: string | undefined): Promise<void> {
  const to = draft.guardians[0]?.email
  if (to === undefined || !c.granted('mail:send')) return
  await tx.mail.send({ to, subject: c.t(`mail.request.${decision}.subject`), text: c.t(`mail.request.${decision}.text`, { tenant: c.tenant.name, reason: reason ?? '', url: c.absoluteUrl('/') }) })
}
