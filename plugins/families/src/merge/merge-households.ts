/** Makes one household of two: all of it in one transaction, or nothing. */
import { foldText } from '@liberacces/sdk'
import { ChildChanged, HouseholdChanged, HouseholdsMerged, QuotientChanged } from '../contract.ts'
import type { FamiliesContext, FamiliesTransaction } from '../families-types.ts'
import { custodyRow } from '../store/custody.ts'
import { refreshHousehold } from '../store/households.ts'
import type { Tables } from '../tables.ts'
import { overlap, planMerge, type MergeConflict, type MergePlan } from './merge-plan.ts'
import { openSides, readSide, type MergeSide } from './merge-side.ts'

/** What came of it. `changed`: somebody changed a health record meanwhile. `unknown`: there are no two such households any more. */
export type MergeOutcome = { readonly kind: 'merged' } | { readonly kind: 'refused'; readonly conflicts: readonly MergeConflict[] } | { readonly kind: 'changed' } | { readonly kind: 'unknown' }

/** Both households as they are, with what would become of them; `undefined` where there are no two. */
export async function previewMerge(c: FamiliesContext, staysId: string, goesId: string): Promise<{ readonly stays: MergeSide; readonly goes: MergeSide; readonly plan: MergePlan } | undefined> {
  const [stays, goes] = staysId === goesId ? [] : [await readSide(c.db, staysId), await readSide(c.db, goesId)]
  if (stays === undefined || goes === undefined) return undefined
  const { records } = await openSides(c, [stays, goes])
  return { stays, goes, plan: planMerge(stays, goes, records, c.today()) }
}

/** Merges `goesId` into `staysId`. What the page showed is decided anew here, on what is stored now. */
export async function mergeHouseholds(c: FamiliesContext, staysId: string, goesId: string): Promise<MergeOutcome> {
  const [first, second] = staysId === goesId ? [] : [await readSide(c.db, staysId), await readSide(c.db, goesId)]
  if (first === undefined || second === undefined) return { kind: 'unknown' }
  const opened = await openSides(c, [first, second])
  const files: string[] = []
  const outcome = await c.transaction(async (tx): Promise<MergeOutcome> => {
    // Both are held first, in one order: who changes one of them waits, or is waited for.
    for (const id of [staysId, goesId].toSorted()) await tx.updateTable('household').set({ updated_at: c.now().toISOString() }).where('id', '=', id).execute()
    const [stays, goes] = [await readSide(tx, staysId), await readSide(tx, goesId)]
    if (stays === undefined || goes === undefined) return { kind: 'unknown' }
    if ([...stays.health, ...goes.health].some((row) => opened.sealed.get(row.child_id) !== row.sealed)) return { kind: 'changed' }
    const plan = planMerge(stays, goes, opened.records, c.today())
    if (plan.conflicts.length > 0) return { kind: 'refused', conflicts: plan.conflicts }
    for (const { from, to } of plan.children) {
      const dropped = to === undefined ? undefined : opened.records.get(plan.healthFrom.includes(from.id) ? to.id : from.id)?.pai?.protocolId
      if (dropped !== undefined) files.push(dropped)
    }
    await mergeGuardians(tx, stays, goes, plan)
    await mergeConsent(tx, stays, goes, plan)
    await mergeChildren(tx, stays, goes, plan)
    await mergeCustody(c, tx, stays, goes, plan)
    const moved = await mergeQuotients(tx, stays, goes)
    await tx.updateTable('document').set({ household_id: staysId }).where('household_id', '=', goesId).execute()
    await tx.updateTable('request').set({ household_id: staysId }).where('household_id', '=', goesId).execute()
    await tx.deleteFrom('household').where('id', '=', goesId).execute()
    await refreshHousehold(c, tx, staysId)
    const ids = (matches: MergePlan['guardians'] | MergePlan['children']) => matches.flatMap(({ from, to }) => (to === undefined ? [] : [{ from: from.id, to: to.id }]))
    await tx.emit(HouseholdsMerged, { householdId: staysId, mergedId: goesId, guardians: ids(plan.guardians), children: ids(plan.children) })
    await tx.emit(HouseholdChanged, { householdId: staysId, change: 'updated' })
    for (const { from, to } of plan.children) await tx.emit(ChildChanged, { childId: to?.id ?? from.id, householdId: staysId, change: 'updated' })
    if (moved !== undefined) await tx.emit(QuotientChanged, { householdId: staysId, from: moved })
    return { kind: 'merged' }
  })
  if (outcome.kind !== 'merged') return outcome
  await c.audit('household.merged', staysId, { merged: goesId, guardians: second.guardians.length, children: second.children.length })
  for (const file of files) await c.files.delete(file)
  return outcome
}

/** People of both keep what the staying entry says, completed by the other one; the others join, at the address where their bills went. */
async function mergeGuardians(tx: FamiliesTransaction, stays: MergeSide, goes: MergeSide, { guardians }: MergePlan): Promise<void> {
  let position = Math.max(-1, ...stays.guardians.map((guardian) => guardian.position))
  const livesApart = foldText(`${goes.household.address} ${goes.household.postcode} ${goes.household.town}`) !== foldText(`${stays.household.address} ${stays.household.postcode} ${stays.household.town}`)
  const { address, postcode, town } = goes.household
  for (const { from, to } of guardians) {
    const place = from.address === null && livesApart && address !== '' ? { address, postcode, town } : { address: from.address, postcode: from.postcode, town: from.town }
    if (to === undefined) {
      position += 1
      await tx.updateTable('guardian').set({ household_id: stays.household.id, position, ...place }).where('id', '=', from.id).execute()
      continue
    }
    // Before the code of the other takes its place: a code is there once.
    await tx.deleteFrom('guardian').where('id', '=', from.id).execute()
    const accountId = to.account_id ?? from.account_id
    await tx.updateTable('guardian').set({
      account_id: accountId, email: to.email ?? from.email, phone: to.phone ?? from.phone, civil_status: to.civil_status ?? from.civil_status, claim_code: accountId === null ? to.claim_code ?? from.claim_code : null,
      ...(to.address === null && from.address !== null ? { address: from.address, postcode: from.postcode, town: from.town } : {}),
    }).where('id', '=', to.id).execute()
  }
}

/** A consent that holds goes on, of the staying household first. */
async function mergeConsent(tx: FamiliesTransaction, stays: MergeSide, goes: MergeSide, { guardians }: MergePlan): Promise<void> {
  const { consent } = goes
  await tx.deleteFrom('quotient_consent').where('household_id', '=', goes.household.id).execute()
  if (consent === undefined || consent.withdrawn_at !== null || stays.consent?.withdrawn_at === null) return
  const guardianId = guardians.find(({ from }) => from.id === consent.guardian_id)?.to?.id ?? consent.guardian_id
  await tx.deleteFrom('quotient_consent').where('household_id', '=', stays.household.id).execute()
  await tx.insertInto('quotient_consent').values({ ...consent, household_id: stays.household.id, guardian_id: guardianId }).execute()
}

async function mergeChildren(tx: FamiliesTransaction, stays: MergeSide, goes: MergeSide, { children, healthFrom }: MergePlan): Promise<void> {
  for (const { from, to } of children) {
    if (to === undefined) {
      await tx.updateTable('child').set({ household_id: stays.household.id }).where('id', '=', from.id).execute()
      continue
    }
    const inClass = stays.schooling.filter((row) => row.child_id === to.id)
    for (const row of goes.schooling.filter((each) => each.child_id === from.id)) {
      // A child is in one class on a day: what the staying entry says of it holds.
      if (inClass.some((other) => overlap(row, other))) await tx.deleteFrom('schooling').where('id', '=', row.id).execute()
      else await tx.updateTable('schooling').set({ child_id: to.id }).where('id', '=', row.id).execute()
    }
    const known = new Set(stays.pickUps.filter((row) => row.child_id === to.id).map(pickUpKey))
    for (const row of goes.pickUps.filter((each) => each.child_id === from.id)) {
      if (known.has(pickUpKey(row))) await tx.deleteFrom('pick_up_person').where('id', '=', row.id).execute()
      else await tx.updateTable('pick_up_person').set({ child_id: to.id }).where('id', '=', row.id).execute()
    }
    await tx.updateTable('document').set({ child_id: to.id }).where('child_id', '=', from.id).execute()
    const gone = healthFrom.includes(from.id) ? to.id : from.id
    await tx.deleteFrom('health').where('child_id', '=', gone).execute()
    if (gone === to.id) await tx.updateTable('health').set({ child_id: to.id }).where('child_id', '=', from.id).execute()
    await tx.deleteFrom('child').where('id', '=', from.id).execute()
  }
}

/** Who may fetch, and when: the same person with other days is somebody to keep. */
function pickUpKey({ name, relation, phone, first_day: first, last_day: last }: Tables['pick_up_person']): string {
  return [foldText(name), foldText(relation), (phone ?? '').replaceAll(/\D/g, ''), first ?? '', last ?? ''].join('|')
}

async function mergeCustody(c: FamiliesContext, tx: FamiliesTransaction, stays: MergeSide, goes: MergeSide, { rules }: MergePlan): Promise<void> {
  await tx.deleteFrom('custody').where('household_id', '=', goes.household.id).execute()
  for (const { childId, rules: own } of rules) for (const rule of own) await tx.insertInto('custody').values(custodyRow(c.id(), stays.household.id, childId, rule)).execute()
}

/** What the staying household knows of a day holds; the rest comes along. @returns from when on something came */
async function mergeQuotients(tx: FamiliesTransaction, stays: MergeSide, goes: MergeSide): Promise<string | undefined> {
  const kept = goes.quotients.filter((row) => !stays.quotients.some((other) => overlap(row, other)))
  if (kept.length > 0) await tx.updateTable('quotient').set({ household_id: stays.household.id }).where('id', 'in', kept.map(({ id }) => id)).execute()
  await tx.deleteFrom('quotient').where('household_id', '=', goes.household.id).execute()
  return kept.map((row) => row.first_day).toSorted()[0]
}
