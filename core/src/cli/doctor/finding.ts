/** What one check of the doctor found. */
export interface Finding {
  /** Stable name, such as `data-folder`. */
  readonly id: string
  /** `hint` is worth knowing and stops nothing. */
  readonly status: 'ok' | 'hint' | 'broken'
  readonly what: string
  /** What to do about it. */
  readonly fix?: string
}
