/** Households that are likely the same family, registered twice. */
import { foldText } from '@liberacces/sdk'
import type { FamiliesDatabase } from '../families-types.ts'
import type { Tables } from '../tables.ts'

const MOST = 20

/** Those that have a child of the same name and day of birth, or a guardian of the same name, account or address of mail. */
export async function likelyTwins(db: FamiliesDatabase, householdId: string): Promise<readonly Tables['household'][]> {
  const children = await db.selectFrom('child').select(['search_text', 'birth_day']).where('household_id', '=', householdId).limit(MOST).execute()
  const guardians = await db.selectFrom('guardian').select(['first_name', 'last_name', 'email', 'account_id']).where('household_id', '=', householdId).limit(MOST).execute()
  if (children.length + guardians.length === 0) return []
  const [emails, accounts] = [guardians.flatMap(({ email }) => email ?? []), guardians.flatMap(({ account_id: id }) => id ?? [])]
  return db.selectFrom('household').selectAll('household').where('household.id', '!=', householdId)
    .where((where) => where.or([
      ...children.map((child) => where.exists(where.selectFrom('child').select('child.id').whereRef('child.household_id', '=', 'household.id').where('child.search_text', '=', child.search_text).where('child.birth_day', '=', child.birth_day))),
      ...guardians.map(({ first_name: first, last_name: last }) => where('household.search_text', 'like', `%${foldText(`${first} ${last}`)}%`)),
      ...(emails.length === 0 ? [] : [where.exists(where.selectFrom('guardian').select('guardian.id').whereRef('guardian.household_id', '=', 'household.id').where('guardian.email', 'in', emails))]),
      ...(accounts.length === 0 ? [] : [where.exists(where.selectFrom('guardian').select('guardian.id').whereRef('guardian.household_id', '=', 'household.id').where('guardian.account_id', 'in', accounts))]),
    ])).orderBy('household.sort_key').orderBy('household.id').limit(MOST).execute()
}

/** Pairs of households that have the same child, for the page of alerts. */
export async function sameChildren(db: FamiliesDatabase): Promise<readonly { readonly id: string; readonly otherId: string; readonly name: string; readonly otherName: string; readonly child: string }[]> {
  const rows = await db.selectFrom('child').innerJoin('child as other', (join) => join.onRef('other.search_text', '=', 'child.search_text').onRef('other.birth_day', '=', 'child.birth_day').onRef('other.household_id', '>', 'child.household_id'))
    .innerJoin('household', 'household.id', 'child.household_id').innerJoin('household as second', 'second.id', 'other.household_id')
    .select(['household.id', 'second.id as otherId', 'household.name', 'second.name as otherName', 'child.first_name', 'child.last_name']).orderBy('child.sort_key').orderBy('child.id').limit(100).execute()
  return rows.map(({ first_name: first, last_name: last, ...row }) => ({ ...row, child: `${first} ${last}` }))
}

/** Children of a request whom the commune knows already, with their household. */
export async function knownChildren(db: FamiliesDatabase, children: readonly { readonly firstName: string; readonly lastName: string; readonly birthDay: string }[]): Promise<readonly { readonly householdId: string; readonly name: string }[]> {
  if (children.length === 0) return []
  const rows = await db.selectFrom('child').select(['household_id', 'first_name', 'last_name']).where((where) => where.or(children.map((child) => where.and([where('search_text', '=', foldText(`${child.firstName} ${child.lastName}`)), where('birth_day', '=', child.birthDay)])))).orderBy('id').execute()
  return rows.map((row) => ({ householdId: row.household_id, name: `${row.first_name} ${row.last_name}` }))
}
