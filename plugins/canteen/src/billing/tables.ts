/** How a régie was paid, or paid back. Each has a message `field.method.<method>`. */
export const PAYMENT_METHODS = ['cash', 'cheque', 'card', 'transfer', 'direct-debit', 'payfip', 'cesu'] as const
/** One of them. */
export type PaymentMethod = (typeof PAYMENT_METHODS)[number]

/** What a campaign wants somebody to look at. Each has a message `billing.alert.<kind>`. `no-tariff` and `no-payer` stand in the way of validation. */
export type AlertKind = 'no-quotient' | 'no-tariff' | 'no-payer'

/** Tables of the area billing. Amounts are integer cents, days `YYYY-MM-DD` in Paris, instants ISO 8601 in UTC, truth values 0 and 1. */
export interface BillingTables {
  /** A régie numbers its own invoices, without a gap. */
  readonly regie: {
    readonly id: string; readonly number: number; readonly name: string
    /** The next number of each kind, from 1. */
    readonly next_invoice: number; readonly next_credit: number
    /** Grows with each validation: a draft made before another campaign was validated is out of date. */
    readonly version: number
    /** Bank, SEPA and Hélios identifiers as JSON (`store/regies.ts`). */
    readonly identity: string
  }
  /** What a unit costs, from a day to a day. */
  readonly tariff: {
    readonly id: string; readonly regie_id: string; readonly unit_id: string; readonly name: string
    readonly first_day: string; readonly last_day: string | null
    /** As JSON (`tariffs/tariff-rules.ts`). */
    readonly rules: string
    /** Which children of a household count for its reductions: those who come that day, or all who are enrolled in the activity. */
    readonly siblings_counted: 'present' | 'registered'
    readonly account: string
    /** Whether it is childcare that the tax certificate names (meals are none). */
    readonly childcare: number
  }
  readonly campaign: {
    readonly id: string; readonly regie_id: string; readonly name: string; readonly first_day: string; readonly last_day: string; readonly due_day: string
    readonly state: 'draft' | 'validated' | 'published'
    /** Up to which household the draft has come; `''` at its start. */
    readonly cursor: string
    readonly drafted: number
    readonly regie_version: number
    readonly households: number; readonly invoices: number; readonly credits: number; readonly cents: number
    readonly created_at: string; readonly validated_at: string | null; readonly published_at: string | null
    /** Up to which invoice payers were told by mail; `''` at the start, `null` where nobody is. */
    readonly told_after: string | null
  }
  readonly campaign_alert: { readonly id: string; readonly campaign_id: string; readonly household_id: string; readonly name: string; readonly kind: AlertKind; readonly detail: string }
  /** An invoice, or a credit note (`cents` below zero). Without a number it is a draft. */
  readonly invoice: {
    readonly id: string; readonly regie_id: string; readonly campaign_id: string | null; readonly kind: 'invoice' | 'credit'
    /** Place among those of its kind in the campaign, from 0: its number follows from it. */
    readonly position: number
    readonly number: number | null
    readonly household_id: string; readonly guardian_id: string
    /** Account of who has to pay; `null` where there is none, or it is forgotten. */
    readonly account_id: string | null
    /** As they stood on the day of the draft. */
    readonly payer_name: string; readonly payer_address: string; readonly payer_postcode: string; readonly payer_town: string; readonly payer_email: string | null
    /** As the family entered them; `null` where an invoice is older than these columns, or a household pays that has no such person. */
    readonly payer_first_name: string | null; readonly payer_last_name: string | null
    readonly cents: number
    readonly issued_on: string | null; readonly due_on: string; readonly published: number
    /** The invoice that a credit note of an agent takes back. */
    readonly credits_invoice: string | null; readonly reason: string | null
    readonly file_id: string | null
    readonly created_at: string
  }
  readonly invoice_line: {
    readonly id: string; readonly invoice_id: string; readonly position: number
    /** `null` for what an agent credits. */
    readonly booking_id: string | null
    readonly child_id: string | null; readonly child_name: string; readonly birth_day: string | null
    readonly activity_id: string | null; readonly unit_id: string | null; readonly unit_name: string
    readonly day: string; readonly cents: number
    /** Steps of the price as JSON (`tariffs/price.ts`), and which part of it the payer bears, in ten-thousandths. */
    readonly parts: string; readonly price_cents: number; readonly share: number
    readonly minutes: number; readonly tier: string | null; readonly account: string; readonly childcare: number
    /** Of an earlier period, billed then otherwise. */
    readonly correction: number
  }
  /** What came in, or with a negative amount was paid back. */
  readonly payment: {
    readonly id: string; readonly regie_id: string; readonly guardian_id: string; readonly household_id: string; readonly cents: number; readonly method: PaymentMethod
    readonly received_on: string; readonly note: string; readonly created_at: string
    /** The bank took it back: a bounced cheque, a refused debit. */
    readonly reversed_at: string | null
  }
  /** Part of a payment or credit note that settles part of an invoice or a refund. */
  readonly settlement: { readonly id: string; readonly source_id: string; readonly target_id: string; readonly cents: number; readonly settled_on: string }
  readonly reminder: { readonly id: string; readonly invoice_id: string; readonly step: number; readonly sent_on: string; readonly by_mail: number }
  /** A SEPA mandate. */
  readonly mandate: {
    readonly id: string; readonly guardian_id: string; readonly account_id: string | null; readonly rum: string; readonly holder: string
    /** Sealed. */
    readonly iban: string
    readonly last_four: string
    readonly signed_on: string; readonly kind: 'RCUR' | 'OOFF'; readonly uses: number; readonly active: number
  }
  /** A file of direct debits that was made for the bank. */
  readonly collection: { readonly id: string; readonly regie_id: string; readonly debit_day: string; readonly items: number; readonly cents: number; readonly file_id: string | null; readonly created_at: string
    /** Up to which of its debits payers were told by mail; `''` at the start, `null` where nobody is. */
    readonly told_after: string | null }
  readonly collection_item: { readonly id: string; readonly collection_id: string; readonly invoice_id: string; readonly mandate_id: string; readonly sequence: string; readonly cents: number; readonly payment_id: string }
}
