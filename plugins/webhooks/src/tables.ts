/** Tables of the plugin. Times are ISO 8601 in UTC, which sorts. */
export interface Tables {
  /** Whom events are sent to. */
  readonly endpoint: {
    readonly id: string
    readonly url: string
    readonly label: string
    /** How an event is written. */
    readonly format: string
    /** Contracts, as JSON: ids, or beginnings that end in `*`. */
    readonly types_json: string
    /** `on`, `off` by hand, or `failed`: switched off after it failed for too long. */
    readonly state: string
    /** The key it is signed with, sealed. */
    readonly secret: string
    /** The key before, sealed; signs too until then. */
    readonly old_secret: string | null
    readonly old_secret_until: string | null
    /** Since when nothing was taken. */
    readonly failing_since: string | null
    readonly last_success_at: string | null
    readonly created_at: string
  }
  /** An event on its way to an endpoint. */
  readonly delivery: {
    readonly id: string
    readonly endpoint_id: string
    readonly event_id: string
    readonly event_type: string
    readonly event_source: string
    readonly event_subject: string | null
    readonly event_time: string
    /** The data, as JSON; `null` once it is not needed any more. */
    readonly data_json: string | null
    /** `pending`, `delivered`, `failed` for good, or `dropped` with its endpoint. */
    readonly state: string
    readonly attempts: number
    /** Due then. */
    readonly next_at: string
    /** Taken up by a sender until then. */
    readonly claimed_until: string | null
    readonly created_at: string
    readonly finished_at: string | null
  }
  /** One try of a delivery. */
  readonly attempt: {
    readonly id: string
    readonly delivery_id: string
    readonly at: string
    /** HTTP status of the answer; `null` when there was none. */
    readonly status: number | null
    readonly duration_ms: number
    /** What went wrong. */
    readonly error: string | null
  }
  /** Events of the outside that came in, so that each comes in once. */
  readonly received: {
    readonly source: string
    readonly event_id: string
    readonly event_type: string
    readonly received_at: string
  }
}
