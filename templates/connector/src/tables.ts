import type { Kind, ReportState } from './road-problem.ts'

/** A report as stored. It is the queue: what waits is handed over, what was is kept with its reference. */
export interface ReportRow {
  readonly id: string
  readonly kind: Kind
  readonly place: string
  readonly details: string
  /** ISO 8601 in UTC, as all moments. */
  readonly sent_at: string
  readonly state: ReportState
  readonly tries: number
  readonly next_try_at: string
  /** Its number in the application. */
  readonly reference: string | null
  /** What went wrong at the last try. */
  readonly problem: string | null
}

/** The plugin's tables. */
export interface Tables {
  readonly report: ReportRow
}
