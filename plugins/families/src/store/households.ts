/** Households and those who answer for children: every change, with its event. */
import { foldText } from '@liberacces/sdk'
import { HouseholdChanged } from '../contract.ts'
import { householdName } from '../domain/household-name.ts'
import type { FamiliesContext, FamiliesDatabase, FamiliesTransaction } from '../families-types.ts'
import type { Tables } from '../tables.ts'

/** What is said of a household. */
export interface HouseholdInput { readonly resident: boolean; readonly address: string; readonly postcode: string; readonly town: string }

/** What is said of a guardian. */
export interface GuardianInput {
  readonly firstName: string; readonly lastName: string; readonly accountId?: string | undefined; readonly email?: string | undefined; readonly phone?: string | undefined
  /** Where it differs from the household's. */
  readonly address?: string | undefined; readonly postcode?: string | undefined; readonly town?: string | undefined
  readonly mayBook: boolean; readonly mayFetch: boolean
}

/** Makes a household of one guardian or more, and says so. */
export async function insertHousehold(c: FamiliesContext, tx: FamiliesTransaction, input: HouseholdInput, guardians: readonly GuardianInput[]): Promise<{ readonly id: string; readonly guardianIds: readonly string[] }> {
  const [id, now] = [c.id(), c.now().toISOString()]
  await tx.insertInto('household').values({
    id, ...householdRow(input), name: householdName(guardians), sort_key: foldText(householdName(guardians)), search_text: '', created_at: now, updated_at: now,
  }).execute()
  const guardianIds: string[] = []
  for (const [position, guardian] of guardians.entries()) {
    const guardianId = c.id()
    guardianIds.push(guardianId)
    await tx.insertInto('guardian').values({ id: guardianId, household_id: id, position, civil_status: null, claim_code: null, ...guardianRow(guardian), account_id: guardian.accountId ?? null }).execute()
  }
  await refreshHousehold(c, tx, id)
  await tx.emit(HouseholdChanged, { householdId: id, change: 'created' })
  return { id, guardianIds }
}

/** Changes where a household lives. `false` when there is none of that id. */
export async function updateHousehold(c: FamiliesContext, tx: FamiliesTransaction, id: string, input: HouseholdInput): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('household').set(householdRow(input)).where('id', '=', id).executeTakeFirstOrThrow()
  if (Number(numUpdatedRows) === 0) return false
  await touchHousehold(c, tx, id)
  return true
}

/** Adds a guardian, the last to pay. */
export async function insertGuardian(c: FamiliesContext, tx: FamiliesTransaction, householdId: string, input: GuardianInput): Promise<string> {
  const id = c.id()
  const { last } = await tx.selectFrom('guardian').select((is) => is.fn.max('position').as('last')).where('household_id', '=', householdId).executeTakeFirstOrThrow()
  await tx.insertInto('guardian').values({ id, household_id: householdId, position: Number(last ?? -1) + 1, civil_status: null, claim_code: null, ...guardianRow(input), account_id: input.accountId ?? null }).execute()
  await touchHousehold(c, tx, householdId)
  return id
}

/** Changes a guardian; the account stays as it is. */
export async function updateGuardian(c: FamiliesContext, tx: FamiliesTransaction, { id, household_id: householdId }: Pick<Tables['guardian'], 'id' | 'household_id'>, input: GuardianInput): Promise<void> {
  await tx.updateTable('guardian').set(guardianRow(input)).where('id', '=', id).execute()
  await touchHousehold(c, tx, householdId)
}

/** What became of taking a guardian away: somebody has to pay, and a rule that names the person has to end first. */
export type GuardianRemoval = 'removed' | 'last-guardian' | 'named-in-custody'

/** Takes a guardian away. */
export async function removeGuardian(c: FamiliesContext, tx: FamiliesTransaction, { id, household_id: householdId }: Pick<Tables['guardian'], 'id' | 'household_id'>): Promise<GuardianRemoval> {
  const others = await tx.selectFrom('guardian').select('id').where('household_id', '=', householdId).where('id', '!=', id).executeTakeFirst()
  if (others === undefined) return 'last-guardian'
  const rule = await tx.selectFrom('custody').select('id').where('household_id', '=', householdId)
    .where((or) => or.or([or('first_guardian_id', '=', id), or('second_guardian_id', '=', id)])).executeTakeFirst()
  if (rule !== undefined) return 'named-in-custody'
  await tx.deleteFrom('quotient_consent').where('guardian_id', '=', id).execute()
  await tx.deleteFrom('guardian').where('id', '=', id).execute()
  await touchHousehold(c, tx, householdId)
  return 'removed'
}

/** Notes that a household was changed: name and search follow its people, and others hear of it. */
export async function touchHousehold(c: Pick<FamiliesContext, 'now'>, tx: FamiliesTransaction, id: string): Promise<void> {
  await refreshHousehold(c, tx, id)
  await tx.emit(HouseholdChanged, { householdId: id, change: 'updated' })
}

/** Name and search text from who belongs to the household. @throws Error when it is no more: it was merged into another one at this moment, and who was entered would belong to nobody */
export async function refreshHousehold(c: Pick<FamiliesContext, 'now'>, tx: FamiliesDatabase, id: string): Promise<void> {
  const guardians = await tx.selectFrom('guardian').select(['first_name', 'last_name', 'email', 'phone']).where('household_id', '=', id).orderBy('position').orderBy('id').execute()
  const children = await tx.selectFrom('child').select(['first_name', 'last_name']).where('household_id', '=', id).execute()
  const name = householdName(guardians.map((guardian) => ({ lastName: guardian.last_name })))
  const words = [...guardians.flatMap((guardian) => [guardian.first_name, guardian.last_name, guardian.email ?? '', (guardian.phone ?? '').replaceAll(/\D/g, '')]), ...children.flatMap((child) => [child.first_name, child.last_name])]
  const { numUpdatedRows } = await tx.updateTable('household').set({ name, sort_key: foldText(name), search_text: foldText(words.join(' ')), updated_at: c.now().toISOString() }).where('id', '=', id).executeTakeFirstOrThrow()
  if (Number(numUpdatedRows) === 0) throw new Error(`Household ${id} is no more: it was merged into another one.`)
}

function householdRow(input: HouseholdInput) {
  return { resident: input.resident ? 1 : 0, address: input.address, postcode: input.postcode, town: input.town }
}

function guardianRow(input: GuardianInput) {
  return {
    first_name: input.firstName, last_name: input.lastName, email: input.email?.toLowerCase() ?? null, phone: input.phone ?? null,
    address: input.address ?? null, postcode: input.postcode ?? null, town: input.town ?? null, may_book: input.mayBook ? 1 : 0, may_fetch: input.mayFetch ? 1 : 0,
  }
}
