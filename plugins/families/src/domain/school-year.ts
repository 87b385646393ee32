/** School years, and where a child goes from one to the next. */

/** The levels of écoles maternelles and élémentaires, from the youngest. */
export const LEVELS = ['TPS', 'PS', 'MS', 'GS', 'CP', 'CE1', 'CE2', 'CM1', 'CM2', 'ULIS'] as const
/** One of them. */
export type Level = (typeof LEVELS)[number]

/** A school year: from 1 September to 31 August, both included. */
export interface SchoolYear {
  /** Year in which it starts. */
  readonly year: number
  readonly firstDay: string
  readonly lastDay: string
}

/** The school year that starts in a year. */
export function schoolYear(year: number): SchoolYear {
  return { year, firstDay: `${year}-09-01`, lastDay: `${year + 1}-08-31` }
}

/** The school year of a day. */
export function schoolYearOf(day: string): SchoolYear {
  const year = Number(day.slice(0, 4))
  return schoolYear(day.slice(5) < '09-01' ? year - 1 : year)
}

/** The level after one; `undefined` after the last, and for ULIS, where a teacher decides. */
export function nextLevel(level: Level): Level | undefined {
  if (level === 'CM2' || level === 'ULIS') return undefined
  return LEVELS[LEVELS.indexOf(level) + 1]
}

/** A class that children can go to. */
export interface KnownClass {
  readonly id: string
  readonly schoolId: string
  readonly level: Level
}

/**
 * The class that follows: of the next level in the same school, else in the only school that has one. `undefined` where there is none or where an agent has
 * to choose between schools, and for who leaves after CM2.
 */
export function nextClass(current: KnownClass, classes: readonly KnownClass[]): KnownClass | undefined {
  const level = nextLevel(current.level)
  const fitting = classes.filter((each) => each.level === level)
  const here = fitting.find(({ schoolId }) => schoolId === current.schoolId)
  if (here !== undefined) return here
  return new Set(fitting.map(({ schoolId }) => schoolId)).size === 1 ? fitting[0] : undefined
}
