import type { CheckRow, Report } from '../../src/harness/report.ts'

const row = (more: Partial<CheckRow> & Pick<CheckRow, 'id' | 'status'>): CheckRow => ({
  level: 'bronze', gate: 'package', title: `Title of ${more.id}`, message: '', fix: '', evidence: [], ms: 12, blocks: false, findings: [], replay: `liberacces-certify . --only ${more.id} --seed 1`, ...more,
})
const failed = (id: string, more: Partial<CheckRow> = {}): CheckRow => {
  const findings = [
    { message: 'It holds <script> & "quotes".\u0007', fix: 'Take it out.', file: 'src/a file.ts', line: 3, evidence: ['<b>seen</b>', 'twice'] },
    { message: 'Somewhere else.', fix: 'Take it out.', evidence: [] },
  ] as const
  return row({ id, status: 'fail', message: findings[0].message, fix: findings[0].fix, file: findings[0].file, line: findings[0].line, findings, blocks: true, ...more })
}

/** A report in which everything occurs. */
export const EXAMPLE: Report = {
  plugin: { id: 'fr.zz-vendor.notes', version: '1.0.0', digest: 'sha256-x', title: { fr: 'Notes <b>du</b> conseil', en: 'Notes' }, publisher: 'Éditeur & fils' },
  date: '2026-11-26T10:00:00.000Z', harness: { version: '0.1.0', digest: 'sha256-h' }, inputs: [{ name: 'previous', digest: 'sha256-p' }], verdict: 'error', grade: 'bronze', reached: 'none', seed: 1, catalogue: { version: '1.0', digest: 'sha256-y' }, platform: '0.1.0',
  troubles: [{ message: 'No browser <here>.', fix: 'Install one.' }], waivers: [{ check: 'CAP-05', reason: 'A <first> release.', expires: '2027-01-01', signer: 'GIE' }],
  checks: [
    row({ id: 'MAN-01', status: 'pass' }), failed('MAN-02'), failed('CAP-05', { level: 'silver', blocks: false, spared: 'waived until 2027-01-01: A <first> release.' }),
    row({ id: 'SEC-01', status: 'skip', gate: 'static', message: 'There is no code to look at.' }), row({ id: 'SEC-03', status: 'error', gate: 'static', message: 'The check itself failed: x < y', evidence: ['Error: x < y\n  at z'] }),
    row({ id: 'I18N-01', status: 'review', gate: 'static', message: 'Look at it.', evidence: ['Look at it.'], blocks: true }),
  ],
}
