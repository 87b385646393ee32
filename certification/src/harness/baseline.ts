import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AnyCheck, Finding } from './check.ts'
import { NoSubject } from './no-subject.ts'
import type { CheckRow } from './report.ts'

/** A file of findings that an author knows and has not mended yet. */
export interface Baseline {
  readonly known: readonly string[]
}

/** What makes a finding the same in another run: its check, file and message. Not its line, which moves with every edit. */
function fingerprint(id: string, { file = '', message }: Pick<Finding, 'file' | 'message'>): string {
  return `${id} ${createHash('sha256').update(`${id}\0${file}\0${message}`).digest('hex').slice(0, 16)}`
}

/** The baseline that spares all that a run found. */
export function baselineOf(rows: readonly CheckRow[]): Baseline {
  return { known: rows.flatMap(({ id, findings }) => findings.map((finding) => fingerprint(id, finding))).toSorted() }
}

/** @throws NoSubject what is no baseline */
export async function readBaseline(path: string): Promise<(check: AnyCheck, finding: Finding) => string | undefined> {
  let known: unknown
  try {
    ({ known } = JSON.parse(await readFile(path, 'utf8')) as { known?: unknown })
  } catch (cause) {
    throw new NoSubject(`The baseline ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Make one with --write-baseline FILE.', { cause })
  }
  if (!Array.isArray(known)) throw new NoSubject(`${path} is no baseline: it has no list "known".`, 'Make one with --write-baseline FILE.')
  const set = new Set(known)
  return (check, finding) => (set.has(fingerprint(check.id, finding)) ? BASELINE : undefined)
}

/** Why a finding is spared that the baseline knows. */
export const BASELINE = 'it is in the baseline'
