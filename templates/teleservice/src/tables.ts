import type { Day, Purpose, RequestState } from './permit-request.ts'

/** A request as stored. */
export interface RequestRow {
  readonly id: string
  readonly purpose: Purpose
  readonly place: string
  readonly from_day: Day
  readonly to_day: Day
  readonly details: string | null
  /** Id of the uploaded plan among the plugin's files, and its name. */
  readonly plan_id: string | null
  readonly plan_name: string | null
  /** Account of who asks; `null` once that person is forgotten. */
  readonly applicant_id: string | null
  readonly applicant_name: string | null
  /** Where the answer goes, if the applicant wants it by mail. */
  readonly applicant_email: string | null
  readonly state: RequestState
  /** ISO 8601 in UTC. */
  readonly sent_at: string
  readonly decided_at: string | null
  readonly reason: string | null
}

/** The plugin's tables. */
export interface Tables {
  readonly request: RequestRow
}
