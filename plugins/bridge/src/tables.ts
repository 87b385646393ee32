/** Tables of the plugin. Times are ISO 8601 in UTC. */
export interface Tables {
  /** What leaves, and where it goes; what enters, and where it comes from. Only what an administrator wrote here crosses. */
  readonly route: {
    readonly id: string
    /** `out` or `in`. */
    readonly direction: string
    /** Out: a contract, or a beginning that ends in `*`. In: the contract that it becomes. */
    readonly contract: string
    /** Out: exchange. In: queue. */
    readonly place: string
    /** Out: routing key, with `{type}`, `{subject}`, `{tenant}`. In: type on the bus; empty for the contract's own id. */
    readonly pattern: string
    readonly created_at: string
  }
  /** Events that came in, so that each does once. */
  readonly received: {
    readonly source: string
    readonly event_id: string
    readonly received_at: string
  }
}
