/** The rules of an activity, as `activity.rules` holds them. */
import { Type, type Static } from '@liberacces/sdk'
import { Value } from '@sinclair/typebox/value'

/** Time of day of a limit. `24:00` is the midnight at the end of its day. */
const At = Type.String({ pattern: String.raw`^(([01]\d|2[0-3]):[0-5]\d|24:00)$` })
const Weekday = Type.Integer({ minimum: 1, maximum: 7 })

/** One moment before a day. Weekdays are `1` (Monday) to `7`. */
export const Limit = Type.Union([
  Type.Object({
    kind: Type.Literal('days-before'), days: Type.Integer({ minimum: 0, maximum: 60 }), at: At,
    /** Days that do not count, going back. */
    skip: Type.Array(Type.Union([Type.Literal('weekend'), Type.Literal('public-holiday'), Weekday]), { default: [], maxItems: 8 }),
  }),
  Type.Object({ kind: Type.Literal('previous-weekday'), weekday: Weekday, at: At }),
  Type.Object({ kind: Type.Literal('week-before'), weekday: Weekday, at: At }),
  Type.Object({ kind: Type.Literal('second-week-before'), weekday: Weekday, at: At }),
  Type.Object({ kind: Type.Literal('month-before'), dayOfMonth: Type.Integer({ minimum: 1, maximum: 31 }), at: At }),
])
/** See {@link Limit}. */
export type Limit = Static<typeof Limit>

/** Limits by the weekday of the day that is booked: the first whose weekdays name it holds. */
export const Limits = Type.Array(Type.Object({ weekdays: Type.String({ pattern: '^[1-7]{1,7}$' }), limit: Limit }), { minItems: 1, maxItems: 7 })
/** See {@link Limits}. */
export type Limits = Static<typeof Limits>

/** What may be booked until when. */
export const Rules = Type.Object({
  add: Limits,
  cancel: Type.Union([Type.Literal('same'), Type.Literal('never'), Limits]),
  /** What becomes of a booking after the limit. `surcharge`: it is taken until the unit begins, and marked. */
  late: Type.Union([Type.Literal('refused'), Type.Literal('surcharge')]),
  /** Kinds of days on which the activity takes place. */
  openOn: Type.Array(Type.Union([Type.Literal('school'), Type.Literal('holiday')]), { minItems: 1, maxItems: 2 }),
  waitingList: Type.Boolean(),
  /** How long an offered place is held, in hours. */
  offerHours: Type.Integer({ minimum: 1, maximum: 240 }),
})
/** See {@link Rules}. */
export type Rules = Static<typeof Rules>

const parsed = new Map<string, Rules>()

/**
 * The rules of an activity from its column.
 * @throws TypeError when the text is no JSON of that shape, or leaves a weekday without a limit
 */
export function parseRules(json: string): Rules {
  const known = parsed.get(json)
  if (known !== undefined) return known
  const value: unknown = JSON.parse(json)
  const [first] = Value.Errors(Rules, value)
  if (first !== undefined) throw new TypeError(`Rules of an activity: ${first.path || 'the whole'}: ${first.message}.`)
  const rules = value as Rules
  for (const limits of [rules.add, ...(Array.isArray(rules.cancel) ? [rules.cancel] : [])]) {
    const missing = ['1', '2', '3', '4', '5', '6', '7'].filter((weekday) => !limits.some(({ weekdays }) => weekdays.includes(weekday)))
    if (missing.length > 0) throw new TypeError(`Rules of an activity: no limit for weekday ${missing.join(', ')}.`)
  }
  // A commune has a handful of activities, a Pool some hundreds.
  if (parsed.size > 2_000) parsed.clear()
  parsed.set(json, rules)
  return rules
}

/** The limit that holds for a weekday. */
export function limitFor(limits: Limits, weekday: number): Limit {
  const found = limits.find(({ weekdays }) => weekdays.includes(String(weekday)))
  if (found === undefined) throw new RangeError(`No limit for weekday ${weekday}: parseRules lets no such rules through.`)
  return found.limit
}
