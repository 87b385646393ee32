import { misfit, WaiverSchema } from '@liberacces/core'
import { Type, type Static } from '@liberacces/sdk'
import { LabelError } from './label-error.ts'

/** What officers settled of a report: reviews that a person made, and failures that are waived for a while. */
export const DecisionsSchema = Type.Object({
  reviews: Type.Optional(Type.Array(Type.Object({ check: Type.String({ minLength: 1 }), finding: Type.String({ minLength: 10, maxLength: 2_000 }), by: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false }))),
  waivers: Type.Optional(Type.Array(WaiverSchema)),
}, { additionalProperties: false })

/** {@link DecisionsSchema}, parsed. */
export type Decisions = Static<typeof DecisionsSchema>

/** @throws LabelError */
export function readDecisions(text: string, name: string): Decisions {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new LabelError(`${name} is no JSON.`, 'Write { "reviews": [{ "check", "finding", "by" }], "waivers": [{ "check", "reason", "expires": "2027-06-30", "signer" }] }.', 2, { cause })
  }
  const wrong = misfit(DecisionsSchema, value)
  if (wrong !== undefined) throw new LabelError(`${name}: ${wrong}.`, 'Write { "reviews": [{ "check", "finding", "by" }], "waivers": [{ "check", "reason", "expires": "2027-06-30", "signer" }] }.', 2)
  return value as Decisions
}
