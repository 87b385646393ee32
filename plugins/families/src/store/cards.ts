/** Households, guardians and children as others see them: without health data. */
import type { ChildCard, GuardianCard, HouseholdCard } from '../contract.ts'
import type { FamiliesDatabase } from '../families-types.ts'
import { grouped } from '../grouped.ts'
import type { Tables } from '../tables.ts'

/** Children with the class in which they are on a day; narrow it, then hand the rows to {@link childCard}. */
export function selectChildren(db: FamiliesDatabase, on: string) {
  return db.selectFrom('child')
    .leftJoin('schooling', (join) => join.onRef('schooling.child_id', '=', 'child.id').on('schooling.first_day', '<=', on).on('schooling.last_day', '>=', on))
    .leftJoin('school_class', 'school_class.id', 'schooling.class_id')
    .select(['child.id', 'child.household_id', 'child.first_name', 'child.last_name', 'child.birth_day', 'school_class.school_id', 'school_class.id as class_id', 'school_class.name as class_name'])
}

type ChildRow = Pick<Tables['child'], 'id' | 'household_id' | 'first_name' | 'last_name' | 'birth_day'> & { readonly school_id: string | null; readonly class_id: string | null; readonly class_name: string | null }

/** A row of {@link selectChildren} as a card. */
export function childCard(row: ChildRow): ChildCard {
  return {
    id: row.id, householdId: row.household_id, firstName: row.first_name, lastName: row.last_name, birthDay: row.birth_day,
    ...(row.school_id === null ? {} : { schoolId: row.school_id }), ...(row.class_id === null ? {} : { classId: row.class_id }), ...(row.class_name === null ? {} : { className: row.class_name }),
  }
}

const NOWHERE = { address: '', postcode: '', town: '' } as const

/** A guardian as a card; where the address is the household's, the card has that. Where one parent lives apart is not for the other one to know. */
function guardianCard(row: Tables['guardian'], household: Pick<Tables['household'], 'address' | 'postcode' | 'town'>, viewerId: string | undefined): GuardianCard {
  const isHidden = viewerId !== undefined && row.account_id !== viewerId
  const own = row.address === null ? household : isHidden ? NOWHERE : { address: row.address, postcode: row.postcode ?? '', town: row.town ?? '' }
  return {
    id: row.id, firstName: row.first_name, lastName: row.last_name,
    ...(row.account_id === null ? {} : { accountId: row.account_id }), ...(row.email === null ? {} : { email: row.email }), ...(row.phone === null ? {} : { phone: row.phone }),
    ...(own.address === '' ? {} : { address: own.address }), ...(own.postcode === '' ? {} : { postcode: own.postcode }), ...(own.town === '' ? {} : { town: own.town }),
  }
}

/** Rows of households as cards, in the same order. `viewerId`: the account of a guardian who looks; absent for agents and the platform, who see all. */
export async function householdCards(db: FamiliesDatabase, rows: readonly Tables['household'][], on: string, viewerId?: string): Promise<HouseholdCard[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [guardians, children] = await Promise.all([
    db.selectFrom('guardian').selectAll().where('household_id', 'in', ids).orderBy('position').orderBy('id').execute(),
    selectChildren(db, on).where('child.household_id', 'in', ids).orderBy('child.birth_day').orderBy('child.id').execute(),
  ])
  const [guardiansOf, childrenOf] = [grouped(guardians, (row) => row.household_id), grouped(children, (row) => row.household_id)]
  return rows.map((row) => ({
    id: row.id, name: row.name, resident: row.resident === 1,
    guardians: (guardiansOf.get(row.id) ?? []).map((guardian) => guardianCard(guardian, row, viewerId)),
    children: (childrenOf.get(row.id) ?? []).map(childCard),
  }))
}
