/**
 * What came of checking something typed: the value, or what is wrong by field. Every field is looked at, so a person
 * sees all there is to correct at once. Problems are codes; their texts are the messages `problem.<code>`.
 */
export type Checked<Value, Field extends string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: Problems<Field> }

/** Problem codes by field. */
export type Problems<Field extends string> = { readonly [Name in Field]?: Problem }

/** Everything that can be wrong with what is typed or imported. */
export type Problem =
  | 'required' | 'too-long' | 'email' | 'phone' | 'internal-phone' | 'day' | 'day-order' | 'overlap' | 'rank' | 'rna' | 'url'
  | 'email-taken' | 'account-taken' | 'rna-taken' | 'name-taken' | 'unknown-service' | 'service-loop'
  | 'kind' | 'yes-no' | 'office' | 'unknown-id' | 'twice-in-file' | 'namesake' | 'mandate-of-agent'

/** The result of a check from what was found on the way. */
export function checked<Value, Field extends string>(value: Value, problems: Problems<Field>): Checked<Value, Field> {
  return Object.keys(problems).length === 0 ? { ok: true, value } : { ok: false, problems }
}
