import type { Admission } from '../labels/labels.ts'

/** What is said of the label of an archive that was looked at. */
export function labelText({ row, verified, problem }: Admission): string {
  if (row === undefined) return 'none'
  if (verified === undefined) return `${row.grade}, which does not hold here: ${problem?.message ?? ''} (${problem?.code ?? ''})`
  return [`${verified.grade}, by ${verified.root.name}, until ${row.not_after.slice(0, 10)}`, ...verified.warnings].join('; ')
}

/** The same for programs. */
export function labelAnswer({ row, verified, problem }: Admission): object | null {
  if (row === undefined) return null
  return { grade: row.grade, notAfter: row.not_after, holds: verified !== undefined, state: verified?.state ?? null, certifier: verified?.root.name ?? null, code: problem?.code ?? null, warnings: verified?.warnings ?? [] }
}
