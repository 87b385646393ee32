/** Schools, their classes, and who is in them. */
import { addDays, foldText } from '@liberacces/sdk'
import { ChildChanged, type SchoolCard } from '../contract.ts'
import type { Level, SchoolYear } from '../domain/school-year.ts'
import type { FamiliesContext, FamiliesDatabase, FamiliesTransaction } from '../families-types.ts'
import { grouped } from '../grouped.ts'
import type { Tables } from '../tables.ts'

/** What an agent says of a school. */
export interface SchoolInput { readonly name: string; readonly uai?: string | undefined; readonly address?: string | undefined; readonly phone?: string | undefined }
/** What an agent says of a class. */
export interface ClassInput { readonly name: string; readonly level: Level; readonly teacher?: string | undefined }

/** All schools by name, with their classes in order. */
export async function schoolCards(db: FamiliesDatabase): Promise<SchoolCard[]> {
  const schools = await db.selectFrom('school').selectAll().orderBy('sort_key').orderBy('id').execute()
  const classes = grouped(await db.selectFrom('school_class').selectAll().orderBy('position').orderBy('id').execute(), (row) => row.school_id)
  return schools.map(({ id, name, uai }) => ({
    id, name, ...(uai === null ? {} : { uai }), classes: (classes.get(id) ?? []).map(({ id: classId, name: className, level }) => ({ id: classId, name: className, level })),
  }))
}

/** Stores a school, new or known. */
export async function saveSchool(tx: FamiliesDatabase, id: string, input: SchoolInput): Promise<void> {
  const row: Tables['school'] = { id, name: input.name, uai: input.uai ?? null, address: input.address ?? '', phone: input.phone ?? null, sort_key: foldText(input.name) }
  await tx.insertInto('school').values(row).onConflict((on) => on.column('id').doUpdateSet({ name: row.name, uai: row.uai, address: row.address, phone: row.phone, sort_key: row.sort_key })).execute()
}

/** Stores a class, new or known. Classes stand in the order of their levels, then as they were made. */
export async function saveClass(tx: FamiliesDatabase, id: string, schoolId: string, input: ClassInput, position: number): Promise<void> {
  const row: Tables['school_class'] = { id, school_id: schoolId, name: input.name, level: input.level, teacher: input.teacher ?? null, position }
  await tx.insertInto('school_class').values(row).onConflict((on) => on.column('id').doUpdateSet({ name: row.name, level: row.level, teacher: row.teacher, position })).execute()
}

/**
 * Puts a child into a class from a day to the end of a school year. What was planned for those days before gives way, and days before and after it stay.
 * The event is the caller's, who may have changed more.
 */
export async function placeChild(c: Pick<FamiliesContext, 'id'>, tx: FamiliesDatabase, childId: string, classId: string, { firstDay, lastDay }: Pick<SchoolYear, 'firstDay' | 'lastDay'>): Promise<void> {
  const overlapping = await tx.selectFrom('schooling').selectAll().where('child_id', '=', childId).where('first_day', '<=', lastDay).where('last_day', '>=', firstDay).execute()
  for (const row of overlapping) {
    await tx.deleteFrom('schooling').where('id', '=', row.id).execute()
    if (row.first_day < firstDay) await tx.insertInto('schooling').values({ ...row, id: c.id(), last_day: addDays(firstDay, -1) }).execute()
    if (row.last_day > lastDay) await tx.insertInto('schooling').values({ ...row, id: c.id(), first_day: addDays(lastDay, 1) }).execute()
  }
  await tx.insertInto('schooling').values({ id: c.id(), child_id: childId, class_id: classId, first_day: firstDay, last_day: lastDay }).execute()
}

/** Puts children into the classes of a school year, and tells others of each. */
export async function moveUp(c: FamiliesContext, tx: FamiliesTransaction, moves: readonly { readonly childId: string; readonly householdId: string; readonly classId: string }[], year: SchoolYear): Promise<void> {
  for (const { childId, householdId, classId } of moves) {
    await placeChild(c, tx, childId, classId, year)
    await tx.emit(ChildChanged, { childId, householdId, change: 'updated' })
  }
}
