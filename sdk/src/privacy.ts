import type { Localized } from './localized.ts'

/** Legal basis of a processing: GDPR article 6(1) (a) to (f). */
export type LegalBasis = 'consent' | 'contract' | 'legal-obligation' | 'vital-interests' | 'public-task' | 'legitimate-interests'

/** One table that holds personal data. The article 30 register of each tenant is built from these. */
export type PrivacyStore<Database extends object> = {
  readonly [Table in Extract<keyof Database, string>]: {
    readonly table: Table
    /** The column that names the person: an account id, or another identifier that `export` understands. */
    readonly subject: Extract<keyof Database[Table], string>
    readonly purpose: Localized
    readonly basis: LegalBasis
    /** How long a row is kept, in days, 1 to 36 500; `null` where the law keeps it for good. */
    readonly retentionDays: number | null
  }
}[Extract<keyof Database, string>]

/** The person whose data is asked for. */
export interface PrivacySubject {
  /** Account id on this tenant. */
  readonly id: string
  readonly email: string | undefined
  readonly name: string
}

/** What an export answers with: JSON of the person's data, by table or topic, and ids of files to add. */
export interface PrivacyExport {
  readonly data: Readonly<Record<string, unknown>>
  readonly files?: readonly string[]
}

/** What an erasure did. */
export interface PrivacyErasure {
  /** Rows deleted or made anonymous. */
  readonly erased: number
  /** What stays, and the law that keeps it. */
  readonly kept?: readonly { readonly what: Localized; readonly because: Localized }[]
}

/** What has been kept for as long as was said. */
export interface PrivacyExpired<Database extends object> {
  /** One of the declared tables. */
  readonly table: Extract<keyof Database, string>
  /** What is older has been kept long enough; what counts as a row's age is the plugin's to know: an end of office, a last change. */
  readonly before: Date
}

/** What an expiry did. */
export interface PrivacyExpiry {
  /** Rows deleted or made anonymous. */
  readonly expired: number
  /** Whether there are more: it is then asked again at once. */
  readonly hasMore?: boolean
}

/** A plugin's declaration on personal data. A plugin without tables of persons says so with an empty `stores`. */
export type Privacy<Database extends object, Context> =
  | { readonly stores: readonly [] }
  | {
      readonly stores: readonly [PrivacyStore<Database>, ...PrivacyStore<Database>[]]
      readonly export: (c: Context, subject: PrivacySubject) => Promise<PrivacyExport>
      readonly erase: (c: Context, subject: PrivacySubject) => Promise<PrivacyErasure>
      /**
       * Deletes, or makes anonymous, what has been kept for `retentionDays`. The platform asks for each table with such a time, each night, and
       * notes in the audit trail how much went. A few hundred rows at a time; doing it again must do no harm. Without it, keeping to the time is the plugin's own work.
       */
      readonly expire?: (c: Context, expired: PrivacyExpired<Database>) => Promise<PrivacyExpiry>
    }
