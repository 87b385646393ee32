/** The rules of an activity as fields of a form, and back. */
import { Choice, Type, type Static } from '@liberacces/sdk'
import { limitFor, type Limit, type Limits, type Rules } from '../booking/deadlines/rules.ts'

const LIMIT_KINDS = ['days-before', 'previous-weekday', 'week-before', 'second-week-before', 'month-before'] as const
const At = Type.String({ pattern: String.raw`^(([01]\d|2[0-3]):[0-5]\d|24:00)$` })
const Weekday = Choice(['1', '2', '3', '4', '5', '6', '7'])
const Weekdays = Type.Array(Weekday, { default: [] })

/** One limit for every day, and up to two others for days of the week that are named; cancelling has the same, none, or one of its own for every day. */
export const RuleFields = {
  openOn: Type.Array(Choice(['school', 'holiday']), { minItems: 1, default: ['school'] }),
  limitKind: Choice(LIMIT_KINDS), limitNumber: Type.Integer({ minimum: 0, maximum: 60 }), limitAt: At, skipWeekends: Type.Boolean(), skipHolidays: Type.Boolean(),
  secondDays: Weekdays, secondKind: Type.Optional(Choice(LIMIT_KINDS)), secondNumber: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })), secondAt: Type.Optional(At),
  thirdDays: Weekdays, thirdKind: Type.Optional(Choice(LIMIT_KINDS)), thirdNumber: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })), thirdAt: Type.Optional(At),
  cancel: Choice(['same', 'never', 'own']), cancelKind: Type.Optional(Choice(LIMIT_KINDS)), cancelNumber: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })), cancelAt: Type.Optional(At),
  late: Choice(['refused', 'surcharge']), waitingList: Type.Boolean(), offerHours: Type.Integer({ minimum: 1, maximum: 240, default: 24 }),
  rulesJson: Type.Optional(Type.String({ maxLength: 4_000 })),
}
const AllRuleFields = Type.Object(RuleFields)
/** See {@link RuleFields}. */
export type RuleValues = Static<typeof AllRuleFields>

type Kind = (typeof LIMIT_KINDS)[number]
type Skip = (Limit & { readonly kind: 'days-before' })['skip']

function limitOf(kind: Kind, number: number, at: string, skip: Skip): Limit {
  switch (kind) {
    case 'days-before': return { kind, days: number, at, skip }
    case 'month-before': return { kind, dayOfMonth: Math.min(31, Math.max(1, number)), at }
    default: return { kind, weekday: Math.min(7, Math.max(1, number)), at }
  }
}

/** The rules that fields say, or the field that is missing where days are named without their limit, or a limit without its days. */
export function rulesOfFields(data: RuleValues): Rules | { readonly missing: 'secondDays' | 'secondNumber' | 'thirdDays' | 'thirdNumber' | 'cancelNumber' } {
  const skip: Skip = [...(data.skipWeekends ? ['weekend' as const] : []), ...(data.skipHolidays ? ['public-holiday' as const] : [])]
  const add: Limits = []
  for (const [days, kind, number, at, which] of [[data.secondDays, data.secondKind, data.secondNumber, data.secondAt, 'second'], [data.thirdDays, data.thirdKind, data.thirdNumber, data.thirdAt, 'third']] as const) {
    if (days.length === 0 && (number ?? at) === undefined) continue
    if (days.length === 0) return { missing: `${which}Days` }
    if (kind === undefined || number === undefined || at === undefined) return { missing: `${which}Number` }
    add.push({ weekdays: days.toSorted().join(''), limit: limitOf(kind, number, at, skip) })
  }
  add.push({ weekdays: '1234567', limit: limitOf(data.limitKind, data.limitNumber, data.limitAt, skip) })
  const { cancel, cancelKind: kind, cancelNumber: number, cancelAt: at } = data
  if (cancel === 'own' && (kind === undefined || number === undefined || at === undefined)) return { missing: 'cancelNumber' }
  const cancelLimits: Rules['cancel'] = cancel !== 'own' ? cancel : [{ weekdays: '1234567', limit: limitOf(kind ?? 'days-before', number ?? 0, at ?? '00:00', skip) }]
  return { add, cancel: cancelLimits, late: data.late, openOn: data.openOn, waitingList: data.waitingList, offerHours: data.offerHours }
}

/** Fields that say the rules; where fields cannot, `rulesJson` does. */
export function fieldsOfRules(rules: Rules): Partial<RuleValues> {
  // The first that names a day holds, so the last may as well name all.
  const whole = rules.add.at(-1)
  const [second, third] = rules.add.filter((each) => each !== whole)
  const limit = whole?.limit
  const skip = limit?.kind === 'days-before' ? limit.skip : []
  const common = { openOn: rules.openOn, late: rules.late, waitingList: rules.waitingList, offerHours: rules.offerHours }
  const fields: Partial<RuleValues> = {
    ...common, ...cancelFields(rules.cancel),
    ...(limit === undefined ? {} : { limitKind: limit.kind, limitNumber: numberOf(limit), limitAt: limit.at }), skipWeekends: skip.includes('weekend'), skipHolidays: skip.includes('public-holiday'),
    ...(second === undefined ? {} : { secondDays: daysOf(second.weekdays), secondKind: second.limit.kind, secondNumber: numberOf(second.limit), secondAt: second.limit.at }),
    ...(third === undefined ? {} : { thirdDays: daysOf(third.weekdays), thirdKind: third.limit.kind, thirdNumber: numberOf(third.limit), thirdAt: third.limit.at }),
  }
  const said = rulesOfFields({ secondDays: [], thirdDays: [], ...fields } as RuleValues)
  return !('missing' in said) && meaning(said) === meaning(rules) ? fields : { ...fields, rulesJson: JSON.stringify(rules) }
}

function cancelFields(cancel: Rules['cancel']): Partial<RuleValues> {
  if (typeof cancel === 'string') return { cancel }
  const limit = cancel.at(-1)?.limit
  return limit === undefined ? { cancel: 'same' } : { cancel: 'own', cancelKind: limit.kind, cancelNumber: numberOf(limit), cancelAt: limit.at }
}

/** What rules come to, day by day: the same text for those that say the same. */
function meaning({ add, cancel, late, openOn, waitingList, offerHours }: Rules): string {
  const byDay = (limits: Limits) => [1, 2, 3, 4, 5, 6, 7].map((weekday) => {
    const limit = limitFor(limits, weekday)
    return limitOf(limit.kind, numberOf(limit), limit.at, limit.kind === 'days-before' ? limit.skip : [])
  })
  return JSON.stringify([byDay(add), typeof cancel === 'string' ? cancel : byDay(cancel), late, openOn, waitingList, offerHours])
}

function daysOf(weekdays: string): RuleValues['secondDays'] {
  return weekdays.split('') as RuleValues['secondDays']
}

function numberOf(limit: Limit): number {
  return limit.kind === 'days-before' ? limit.days : limit.kind === 'month-before' ? limit.dayOfMonth : limit.weekday
}
