/** What the number of an invoice or credit note is made of. */
export interface Numbered {
  readonly kind: 'invoice' | 'credit'
  /** `null` for a draft. */
  readonly number: number | null
  /** `YYYY-MM-DD`. */
  readonly issued_on: string | null
}

/** The number as invoices bear it: `F01-26-11-0000042` for an invoice of régie 1, `A01-…` for a credit note. `undefined` for a draft. */
export function invoiceNumber(regie: number, { kind, number, issued_on: day }: Numbered): string | undefined {
  if (number === null || day === null) return undefined
  return `${kind === 'invoice' ? 'F' : 'A'}${String(regie).padStart(2, '0')}-${day.slice(2, 4)}-${day.slice(5, 7)}-${String(number).padStart(7, '0')}`
}

/** What a payer types at PayFiP or on a transfer: digits alone, the last two a check (97 minus the remainder by 97, as in French account keys). */
export function paymentReference(regie: number, { number, issued_on: day }: Numbered): string | undefined {
  if (number === null || day === null) return undefined
  const digits = `${String(regie).padStart(2, '0')}${day.slice(2, 4)}${String(number).padStart(7, '0')}`
  return `${digits}${String(97 - (Number(digits) % 97)).padStart(2, '0')}`
}
