import { Type, type Static } from '@sinclair/typebox'
import { GRADES } from './grade.ts'

/** What a Pool asks of releases that come in archives. */
export const LabelPolicySchema = Type.Object({
  /** Least grade that a label must tell. `none`: releases without a label are taken. @defaultValue `none` */
  require: Type.Union([Type.Literal('none'), ...GRADES.map((grade) => Type.Literal(grade))]),
  /** How old the newest known status list may be, in days: 1 to 365. @defaultValue 30 */
  statusMaxAgeDays: Type.Integer({ minimum: 1, maximum: 365 }),
  /** What happens when it is older, or there is none. @defaultValue `warn` */
  onStale: Type.Union([Type.Literal('warn'), Type.Literal('block')]),
}, { additionalProperties: false })

/** {@link LabelPolicySchema}, parsed. */
export type LabelPolicy = Static<typeof LabelPolicySchema>

/** Until a Pool decides otherwise. */
export const DEFAULT_LABEL_POLICY: LabelPolicy = { require: 'none', statusMaxAgeDays: 30, onStale: 'warn' }
