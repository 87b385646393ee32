import { GATES } from '../harness/check.ts'
import type { CheckRow, Report } from '../harness/report.ts'
import { escaped } from './markup.ts'

/** JUnit XML as continuous integrations read it: a suite for each gate, a case for each check. What does not block is no failure there, but skipped, with its message. */
export function junitReport({ plugin, checks, troubles }: Report): string {
  const suites = GATES.map((gate) => ({ gate, rows: checks.filter((row) => row.gate === gate) })).filter(({ rows }) => rows.length > 0)
  const total = (rows: readonly CheckRow[]): string => `tests="${rows.length}" failures="${rows.filter(isFailure).length}" errors="${rows.filter(({ status }) => status === 'error').length}" skipped="${rows.filter(isSkipped).length}" time="${seconds(rows.reduce((sum, { ms }) => sum + ms, 0))}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(`${plugin.id} ${plugin.version}`)}" ${total(checks)}>`,
    ...suites.flatMap(({ gate, rows }) => [
      `  <testsuite name="${gate}" ${total(rows)}>`,
      ...rows.map((row) => `    <testcase classname="${escaped(plugin.id)}.${gate}" name="${escaped(`${row.id} ${row.title}`)}" time="${seconds(row.ms)}"${contentOf(row)}`),
      ...(troubles.length > 0 && gate === suites.at(-1)?.gate ? [`    <system-err>${escaped(troubles.map(({ message }) => message).join('\n'))}</system-err>`] : []),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function contentOf(row: CheckRow): string {
  const text = row.findings.map(({ message, fix, file, line }) => `${file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `}${message}\n  fix: ${fix}`).join('\n')
  if (isFailure(row)) return `>\n      <failure type="${row.level}" message="${escaped(row.message)}">${escaped(`${text}\n  again: ${row.replay}`)}</failure>\n    </testcase>`
  if (row.status === 'error') return `>\n      <error message="${escaped(row.message)}">${escaped(row.evidence.join('\n'))}</error>\n    </testcase>`
  if (isSkipped(row)) return `>\n      <skipped message="${escaped(row.spared === undefined ? row.message : `${row.message} (${row.spared})`)}"/>\n    </testcase>`
  return '/>'
}

function isFailure({ status, blocks }: CheckRow): boolean {
  return status === 'fail' && blocks
}

function isSkipped(row: CheckRow): boolean {
  return row.status === 'skip' || row.status === 'review' || (row.status === 'fail' && !isFailure(row))
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3)
}
