import type { AnyCheck } from '../harness/check.ts'
import type { CheckRow, Report, Verdict } from '../harness/report.ts'
import { failureText } from './failure-text.ts'

const SIGNS: Readonly<Record<CheckRow['status'], string>> = { pass: '✓', fail: '✗', skip: '·', error: '!', review: '?' }
const VERDICTS: Readonly<Record<Verdict, string>> = { pass: 'PASS', fail: 'FAIL', error: 'NO VERDICT', review: 'REVIEW PENDING' }

/** One line for a check that ended, while the others go on. */
export function progressLine({ status, id, title, message, ms, spared }: CheckRow): string {
  const what = status === 'pass' ? '' : status === 'fail' && spared !== undefined ? `  (does not count: ${spared})` : status === 'skip' ? `  ${message}` : ''
  return `  ${SIGNS[status]} ${id.padEnd(8)} ${title}${what}${ms >= 1_000 ? `  ${(ms / 1_000).toFixed(1)} s` : ''}`
}

/** The report for the terminal: what is wrong, one after the other, and the verdict as its last lines. */
export function prettyReport(report: Report, checks: readonly AnyCheck[]): string {
  const { plugin, verdict, grade, reached, seed, troubles } = report
  const counts = (['pass', 'fail', 'review', 'error', 'skip'] as const).map((status) => ({ status, count: report.checks.filter((row) => row.status === status).length })).filter(({ count }) => count > 0)
  const details = report.checks.flatMap((row) => {
    const check = checks.find(({ id }) => id === row.id)
    if (check === undefined || row.status === 'pass' || row.status === 'skip') return []
    return [row.status === 'fail' ? `${failureText(check, row)}${row.spared === undefined ? '' : `\n  spared  ${row.spared}`}` : otherText(row)]
  })
  return [
    ...details.flatMap((text) => [text, '']),
    ...unseen(report.checks),
    ...troubles.flatMap(({ message, fix }) => [`! ${message}`, `  fix     ${fix}`, '']),
    `${plugin.id} ${plugin.version}  ${plugin.digest}`,
    `${VERDICTS[verdict]} for ${grade}${report.only === undefined ? `; reached: ${reached}` : ' (only some checks ran)'}${report.inline === true ? ', run in the process of the harness' : ''}: ${counts.map(({ status, count }) => `${count} ${status}`).join(', ')}; seed ${seed}`,
    '',
  ].join('\n')
}

/** What was asked for and not looked at, by what was missing. */
function unseen(rows: readonly CheckRow[]): readonly string[] {
  const open = rows.filter(({ unopened }) => unopened === true)
  return [...new Set(open.map(({ message }) => message))].flatMap((message) => {
    const own = open.filter((row) => row.message === message)
    return [`· Not looked at: ${own.map(({ id }) => id).join(', ')}`, `  ${message}`, `  fix     ${own[0]?.fix ?? ''}`, '']
  })
}

function otherText({ id, title, level, message, evidence, fix, replay }: CheckRow): string {
  return [`${id} ${title} (${level})`, `  ${message}`, ...evidence.slice(0, 12).flatMap((one) => one.split('\n').slice(0, 12).map((line) => `      | ${line}`)), `  fix     ${fix}`, `  again   ${replay}`].join('\n')
}
