/** A date as stored. Moments are ISO 8601 in UTC. */
export interface GatheringRow {
  readonly id: string
  readonly title: string
  readonly place: string
  readonly starts_at: string
  readonly ends_at: string
  /** 0 or 1. */
  readonly is_cancelled: number
  readonly changes: number
  readonly changed_at: string
}

/** The plugin's tables. */
export interface Tables {
  readonly gathering: GatheringRow
}
