import type { Level } from './domain/school-year.ts'

/** What a document is. Each has a message `field.kind.<kind>`. */
export const DOCUMENT_KINDS = ['school-insurance', 'vaccination', 'custody-judgment', 'proof-of-address', 'other'] as const
/** One of them. */
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

/** Where a request to be registered stands. Each has a message `request.state.<state>`. */
export const REQUEST_STATES = ['draft', 'sent', 'accepted', 'refused'] as const
/** One of them. */
export type RequestState = (typeof REQUEST_STATES)[number]

/** Where a quotient familial is from. */
export const QUOTIENT_SOURCES = ['CNAF', 'MSA', 'declared'] as const
/** One of them. */
export type QuotientSource = (typeof QUOTIENT_SOURCES)[number]

/** The plugin's tables. Days are `YYYY-MM-DD` in Paris, instants ISO 8601 in UTC, truth values 0 and 1. What is *sealed* is encrypted with `c.secrets`. */
export interface Tables {
  readonly school: { readonly id: string; readonly name: string; readonly uai: string | null; readonly address: string; readonly phone: string | null; readonly sort_key: string }
  readonly school_class: { readonly id: string; readonly school_id: string; readonly name: string; readonly level: Level; readonly teacher: string | null; readonly position: number }
  readonly household: {
    readonly id: string; readonly name: string; readonly resident: number
    readonly address: string; readonly postcode: string; readonly town: string
    readonly sort_key: string; readonly search_text: string; readonly created_at: string; readonly updated_at: string
  }
  readonly guardian: {
    readonly id: string; readonly household_id: string; readonly first_name: string; readonly last_name: string
    readonly account_id: string | null; readonly email: string | null; readonly phone: string | null
    /** Where it differs from the household's. */
    readonly address: string | null; readonly postcode: string | null; readonly town: string | null
    readonly may_book: number; readonly may_fetch: number
    /** Smallest first: the first pays where nothing else was agreed. */
    readonly position: number
    /** Civil status for the quotient familial, as JSON, sealed. */
    readonly civil_status: string | null
    /** What the person types to link an account; `null` once used. */
    readonly claim_code: string | null
  }
  /** Who pays from a day on; of one child, or of all of the household. */
  readonly custody: {
    readonly id: string; readonly household_id: string; readonly child_id: string | null; readonly first_day: string; readonly kind: 'shared' | 'alternating'
    readonly first_guardian_id: string; readonly second_guardian_id: string | null
    /** In ten-thousandths. */
    readonly first_share: number
    readonly handover_weekday: number | null
  }
  readonly child: {
    readonly id: string; readonly household_id: string; readonly first_name: string; readonly last_name: string; readonly birth_day: string
    readonly sort_key: string; readonly search_text: string; readonly created_at: string; readonly updated_at: string
  }
  /** Where a child goes to school, from a day to a day, both included. */
  readonly schooling: { readonly id: string; readonly child_id: string; readonly class_id: string; readonly first_day: string; readonly last_day: string }
  readonly pick_up_person: {
    readonly id: string; readonly child_id: string; readonly name: string; readonly relation: string; readonly phone: string | null
    readonly first_day: string | null; readonly last_day: string | null
  }
  readonly document: {
    readonly id: string; readonly household_id: string; readonly child_id: string | null; readonly kind: DocumentKind
    readonly file_id: string; readonly file_name: string; readonly valid_until: string | null; readonly uploaded_at: string
  }
  /** Who looked at a document, and when. */
  readonly document_view: { readonly id: string; readonly document_id: string; readonly viewer_id: string | null; readonly viewer_name: string | null; readonly viewed_at: string }
  /** The health record of a child: JSON, sealed. */
  readonly health: { readonly child_id: string; readonly sealed: string; readonly updated_at: string }
  readonly quotient: {
    readonly id: string; readonly household_id: string; readonly value: number; readonly month: string; readonly source: QuotientSource
    readonly first_day: string; readonly last_day: string; readonly read_at: string
  }
  /** That a household lets its quotient familial be asked for, and how the last asking went. */
  readonly quotient_consent: {
    readonly household_id: string; readonly guardian_id: string; readonly given_at: string; readonly withdrawn_at: string | null
    readonly asked_at: string | null
    /** Not asked again before. */
    readonly retry_at: string | null
    /** `read`, `not-found`, `unreachable`, `refused`, `busy`. */
    readonly outcome: string | null
  }
  /** A request to be registered, from the first step to the decision: what was filled in is JSON, sealed. */
  readonly request: {
    readonly id: string; readonly account_id: string | null; readonly applicant_name: string | null; readonly state: RequestState; readonly sealed: string
    readonly household_id: string | null; readonly reason: string | null
    readonly created_at: string; readonly updated_at: string; readonly sent_at: string | null; readonly decided_at: string | null
  }
  readonly import_report: { readonly id: string; readonly made_at: string; readonly imported: number; readonly skipped: number; readonly problems: string
    /** The file that waits to be read, and what to do with a faulty line; `null` once it is read, or where it was from the start. */
    readonly file_id: string | null; readonly on_fault: 'nothing' | 'good-lines' | null }
}
