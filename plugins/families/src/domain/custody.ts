import { addDays, isoWeekOf, weekdayOf } from '@liberacces/sdk'
/** Who has children, and so pays for them, on a day. Pure. */

/** All of an amount, in ten-thousandths. */
export const WHOLE = 10_000

/** How parents share, from a day on until the next rule. */
export type CustodyRule =
  | {
      /** Two pay a part of each day. */
      readonly kind: 'shared'
      readonly firstDay: string
      readonly firstGuardianId: string
      readonly secondGuardianId: string | undefined
      /** What the first pays, in ten-thousandths: 0 to 10 000. The second pays the rest. */
      readonly firstShare: number
    }
  | {
      /** Each pays for the days that the children are there: the first in even weeks, the second in odd ones. */
      readonly kind: 'alternating'
      readonly firstDay: string
      readonly firstGuardianId: string
      readonly secondGuardianId: string
      /** Day of the week on which the children change, `1` (Monday) to `7`. A stay is named after the week in which it begins. */
      readonly handoverWeekday: number
    }

/** Who pays which part. The shares of a day add up to {@link WHOLE}. */
export interface PayerShare {
  readonly guardianId: string
  readonly share: number
}

/**
 * Who pays on a day.
 * Week 53 is followed by week 1: both are odd, and the children stay. That is what even and odd weeks mean in a judgment.
 * @param rules - in any order; the last that began by the day holds
 * @param fallback - who pays where no rule holds
 */
export function payersOn(day: string, rules: readonly CustodyRule[], fallback: string): readonly PayerShare[] {
  const rule = rules.filter(({ firstDay }) => firstDay <= day).reduce<CustodyRule | undefined>((best, each) => (best === undefined || each.firstDay >= best.firstDay ? each : best), undefined)
  if (rule === undefined) return [{ guardianId: fallback, share: WHOLE }]
  if (rule.kind === 'alternating') return [{ guardianId: hostOn(day, rule), share: WHOLE }]
  const parts = [{ guardianId: rule.firstGuardianId, share: rule.secondGuardianId === undefined ? WHOLE : rule.firstShare }]
  if (rule.secondGuardianId !== undefined) parts.push({ guardianId: rule.secondGuardianId, share: WHOLE - rule.firstShare })
  return parts.filter(({ share }) => share > 0)
}

function hostOn(day: string, rule: CustodyRule & { readonly kind: 'alternating' }): string {
  const began = addDays(day, -((weekdayOf(day) - rule.handoverWeekday + 7) % 7))
  return isoWeekOf(began) % 2 === 0 ? rule.firstGuardianId : rule.secondGuardianId
}
