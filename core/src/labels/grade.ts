/** Grades, lowest first. */
export const GRADES = ['bronze', 'silver', 'gold'] as const
/** What a labelled release reached. The label itself has no degrees; the grade informs. */
export type Grade = (typeof GRADES)[number]

/** Whether a grade is another one or above it. */
export function isAtLeast(grade: Grade, least: Grade): boolean {
  return GRADES.indexOf(grade) >= GRADES.indexOf(least)
}
