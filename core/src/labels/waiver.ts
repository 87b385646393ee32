import { Type, type Static } from '@sinclair/typebox'

/** What a certifier lets pass for a time, and why. It stands in reports and in the label. */
export const WaiverSchema = Type.Object({
  check: Type.String({ minLength: 1, maxLength: 40 }),
  reason: Type.String({ minLength: 1, maxLength: 2_000 }),
  /** Last day on which it holds, in UTC: `2027-06-30`. */
  expires: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  signer: Type.String({ minLength: 1, maxLength: 200 }),
})

/** {@link WaiverSchema}, parsed. */
export type Waiver = Static<typeof WaiverSchema>

/** Whether the last day of a waiver is past. @param today - a day or a moment, ISO 8601 in UTC */
export function hasRunOut({ expires }: Pick<Waiver, 'expires'>, today: string): boolean {
  return expires < today.slice(0, 10)
}
