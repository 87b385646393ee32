import { GRADES, isAtLeast } from '@liberacces/core'
import type { Level } from './check.ts'
import type { CheckRow, Report, Trouble, Verdict } from './report.ts'

/** Whether a check of one level stands in the way of a grade. */
export function isWithin(level: Level, grade: Level): boolean {
  return isAtLeast(grade, level)
}

/**
 * The verdict on rows that say of themselves whether they block. A harness that did not do its work has none to give, whatever it saw; what is wrong
 * weighs more than what a person has still to look at.
 */
export function verdictOf(rows: readonly CheckRow[], troubles: readonly Trouble[]): Verdict {
  if (troubles.length > 0 || rows.some(({ status }) => status === 'error')) return 'error'
  const blocking = rows.filter(({ blocks }) => blocks)
  if (blocking.some(({ status }) => status === 'fail')) return 'fail'
  // What was asked for and not looked at, for its gate did not open, is nothing that passed.
  return blocking.some(({ status }) => status === 'review' || status === 'skip') ? 'review' : 'pass'
}

/** The highest grade that nothing stands in the way of. What a person has still to look at stands in the way. */
export function reachedBy(rows: readonly CheckRow[]): Level | 'none' {
  let reached: Level | 'none' = 'none'
  for (const level of GRADES) {
    const own = rows.filter((row) => row.level === level)
    if (own.some(({ status, spared, unopened }) => status === 'error' || unopened === true || (spared === undefined && (status === 'fail' || status === 'review')))) break
    // A level of which no check ran is not reached by that.
    if (!own.some(({ status }) => status === 'pass')) break
    reached = level
  }
  return reached
}

/** The verdict of a whole run on the grade that was asked for: one that was not reached is not passed, also where nothing stands in its way because nothing looks at it. */
export function verdictOnGrade({ verdict, reached, grade, checks }: Pick<Report, 'verdict' | 'reached' | 'grade' | 'checks'>): Verdict {
  const isBare = GRADES.some((level) => isWithin(level, grade) && !checks.some((row) => row.level === level))
  const isShort = reached === 'none' || !isWithin(grade, reached)
  return (verdict === 'pass' && isShort) || (verdict === 'review' && isBare) ? 'fail' : verdict
}
