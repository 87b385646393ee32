import type { Log, Result } from 'sarif'
import type { CheckText } from '../harness/catalogue.ts'
import type { CheckRow, Report } from '../harness/report.ts'

/** SARIF 2.1.0 (OASIS), which code hosts show beside the lines. What passed is in it too, so that a dashboard sees it become green. */
export function sarifReport(report: Report, checks: readonly CheckText[], harness: string): Log {
  const shown = report.checks.filter(({ status }) => status !== 'skip')
  const rules = checks.filter(({ id }) => report.checks.some((row) => row.id === id))
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'liberacces-certify', semanticVersion: harness,
          rules: rules.map(({ id, level, forLabel, title, rationale, howToFix, refs }) => ({
            id, name: title.en.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? ''),
            shortDescription: { text: title.en }, fullDescription: { text: rationale.en }, help: { text: howToFix },
            defaultConfiguration: { level: level === 'bronze' ? 'error' : level === 'silver' || forLabel === true ? 'warning' : 'note' },
            properties: { tags: [level, ...(refs?.cwe ?? []).map((cwe) => `external/cwe/cwe-${cwe}`), ...(refs?.rgaa ?? []).map((rgaa) => `RGAA-${rgaa}`)] },
          })),
        },
      },
      automationDetails: { id: `liberacces-certify/${report.plugin.id}/` },
      invocations: [{
        executionSuccessful: report.verdict !== 'error',
        toolExecutionNotifications: [
          ...report.troubles.map(({ message, fix }) => ({ level: 'error' as const, message: { text: `${message} ${fix}` } })),
          ...report.checks.filter(({ status }) => status === 'error').map(({ id, message }) => ({ level: 'error' as const, message: { text: message }, associatedRule: { id } })),
        ],
      }],
      columnKind: 'utf16CodeUnits',
      results: shown.filter(({ status }) => status !== 'error').flatMap((row) => resultsOf(row, rules.findIndex(({ id }) => id === row.id))),
      properties: { verdict: report.verdict, grade: report.grade, reached: report.reached, seed: report.seed, digest: report.plugin.digest },
    }],
  }
}

function resultsOf(row: CheckRow, ruleIndex: number): readonly Result[] {
  const common = { ruleId: row.id, ruleIndex }
  if (row.status === 'pass') return [{ ...common, kind: 'pass', level: 'none', message: { text: row.title } }]
  if (row.status === 'review') return [{ ...common, kind: 'review', level: 'none', message: { text: row.message } }]
  return row.findings.map(({ message, fix, file, line, evidence }) => ({
    ...common, kind: 'fail', level: row.blocks ? 'error' : row.level === 'gold' && row.forLabel !== true ? 'note' : 'warning',
    message: { text: [message, ...evidence, `Fix: ${fix}`, `See it again: ${row.replay}`].join('\n') },
    ...(file === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: { uri: file.split('/').map((part) => encodeURIComponent(part)).join('/'), uriBaseId: 'PLUGIN' }, ...(line === undefined ? {} : { region: { startLine: line } }) } }] }),
    ...(row.spared === undefined ? {} : { suppressions: [{ kind: 'external', justification: row.spared }] }),
  }))
}
