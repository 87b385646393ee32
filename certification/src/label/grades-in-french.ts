import type { Grade } from '@liberacces/core'

/** Grades as people read them. */
export const GRADES_IN_FRENCH: Readonly<Record<Grade, string>> = { bronze: 'bronze', silver: 'argent', gold: 'or' }
