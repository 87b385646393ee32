import type { AnyCheck, Finding } from '../harness/check.ts'
import type { CheckRow } from '../harness/report.ts'

/** Findings shown of one check; all are in the JSON report. */
const MOST_SHOWN = 20
const MOST_EVIDENCE = 6

/** What a failing check says to the developer: what, where, why it matters, how to mend it, and what shows it again. */
export function failureText(check: AnyCheck, row: CheckRow): string {
  const shown = row.findings.slice(0, MOST_SHOWN)
  const more = row.findings.length - shown.length
  return [
    `${row.id} ${check.title.en} (${row.level})`,
    ...shown.flatMap((finding) => findingLines(finding, check)),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    `  why     ${check.rationale.en}`,
    `  fix     ${check.howToFix}`,
    ...(check.forLabel === true ? ['  label   none of any grade is given while this is so'] : []),
    `  again   ${row.replay}`,
  ].join('\n')
}

function findingLines({ message, fix, file, line, evidence }: Finding, check: AnyCheck): readonly string[] {
  return [
    `  ✗ ${file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}  `}${message}`,
    ...evidence.slice(0, MOST_EVIDENCE).flatMap((one) => one.split('\n').map((text) => `      | ${text}`)),
    ...(evidence.length > MOST_EVIDENCE ? [`      | … ${evidence.length - MOST_EVIDENCE} more`] : []),
    ...(fix === check.howToFix ? [] : [`      fix: ${fix}`]),
  ]
}
