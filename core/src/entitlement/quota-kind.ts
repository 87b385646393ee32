/**
 * What the Pool can measure out, and in which unit: `storage` bytes that lie in databases and files, `events` and `mails` that plugins send
 * a day, `cpu` seconds that plugin code computes a day. A day is a calendar day in Paris.
 */
export const QUOTA_KINDS = ['storage', 'events', 'mails', 'cpu'] as const

/** One of {@link QUOTA_KINDS}. */
export type QuotaKind = (typeof QUOTA_KINDS)[number]

/** What begins anew each day. */
export type DailyKind = Exclude<QuotaKind, 'storage'>

/** Largest value of a quota in its unit: 8 PiB of storage, and far past any day's work. */
export const QUOTA_MAX = Number.MAX_SAFE_INTEGER
