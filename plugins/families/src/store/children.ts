/** Children: every change, with its event. */
import { foldText } from '@liberacces/sdk'
import { ChildChanged } from '../contract.ts'
import type { FamiliesContext, FamiliesTransaction } from '../families-types.ts'
import type { Tables } from '../tables.ts'
import { refreshHousehold } from './households.ts'

/** What is said of a child. */
export interface ChildInput { readonly firstName: string; readonly lastName: string; readonly birthDay: string }

/** Stores a new child of a household, and says so. */
export async function insertChild(c: FamiliesContext, tx: FamiliesTransaction, householdId: string, input: ChildInput): Promise<string> {
  const [id, now] = [c.id(), c.now().toISOString()]
  await tx.insertInto('child').values({ id, household_id: householdId, ...childRow(input), created_at: now, updated_at: now }).execute()
  await refreshHousehold(c, tx, householdId)
  await tx.emit(ChildChanged, { childId: id, householdId, change: 'created' })
  return id
}

/** Changes a child, and says so. */
export async function updateChild(c: FamiliesContext, tx: FamiliesTransaction, { id, household_id: householdId }: Pick<Tables['child'], 'id' | 'household_id'>, input: ChildInput): Promise<void> {
  await tx.updateTable('child').set({ ...childRow(input), updated_at: c.now().toISOString() }).where('id', '=', id).execute()
  await refreshHousehold(c, tx, householdId)
  await tx.emit(ChildChanged, { childId: id, householdId, change: 'updated' })
}

/** Says that something about a child is different now. */
export async function touchChild(c: FamiliesContext, tx: FamiliesTransaction, { id, household_id: householdId }: Pick<Tables['child'], 'id' | 'household_id'>): Promise<void> {
  await tx.updateTable('child').set({ updated_at: c.now().toISOString() }).where('id', '=', id).execute()
  await tx.emit(ChildChanged, { childId: id, householdId, change: 'updated' })
}

/** Deletes a child with all that hangs on it, and says so. @returns files that nobody needs any more, to delete once the transaction is through */
export async function deleteChild(tx: FamiliesTransaction, { id, household_id: householdId }: Pick<Tables['child'], 'id' | 'household_id'>): Promise<readonly string[]> {
  const documents = await tx.selectFrom('document').select(['id', 'file_id']).where('child_id', '=', id).execute()
  if (documents.length > 0) await tx.deleteFrom('document_view').where('document_id', 'in', documents.map((row) => row.id)).execute()
  for (const table of ['document', 'schooling', 'pick_up_person', 'health', 'custody'] as const) await tx.deleteFrom(table).where('child_id', '=', id).execute()
  await tx.deleteFrom('child').where('id', '=', id).execute()
  await tx.emit(ChildChanged, { childId: id, householdId, change: 'deleted' })
  return documents.map((row) => row.file_id)
}

function childRow({ firstName, lastName, birthDay }: ChildInput) {
  return { first_name: firstName, last_name: lastName, birth_day: birthDay, sort_key: foldText(`${lastName} ${firstName}`), search_text: foldText(`${firstName} ${lastName}`) }
}
