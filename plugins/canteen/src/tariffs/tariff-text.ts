/** A tariff as an agent types it: tiers one a line, amounts and percentages as people write them. */
import { Choice, LongText, Type, type Static } from '@liberacces/sdk'
import { readEuros } from '../payments/euros.ts'
import type { TariffRules } from './tariff-rules.ts'
import { tariffFaults, type TariffFault } from './tariff-faults.ts'

const PENALTIES = ['none', 'percent', 'amount', 'instead'] as const
const Amount = Type.Optional(Type.String({ maxLength: 20 }))

/** The form of a tariff. */
export const TariffForm = Type.Object({
  tariffName: Type.String({ minLength: 1, maxLength: 100 }),
  regieNumber: Type.Integer({ minimum: 1, maximum: 99 }),
  validFrom: Type.String({ format: 'date' }),
  validTo: Type.Optional(Type.String({ format: 'date' })),
  priceKind: Choice(['fixed', 'hourly', 'effort']),
  tiers: LongText({ minLength: 1, maxLength: 4_000 }),
  stepMinutes: Choice(['5', '10', '15', '30', '60']),
  graceMinutes: Type.Integer({ minimum: 0, maximum: 60, default: 0 }),
  mostPerDay: Amount,
  effortRate: Type.Optional(Type.String({ maxLength: 10 })),
  effortLeast: Amount,
  effortMost: Amount,
  otherMore: Type.Integer({ minimum: 0, maximum: 1_000, default: 0 }),
  siblings: Type.Optional(Type.String({ maxLength: 60 })),
  siblingsCounted: Choice(['registered', 'present']),
  latePenalty: Choice(PENALTIES),
  lateValue: Amount,
  unbookedPenalty: Choice(PENALTIES),
  unbookedValue: Amount,
  justifiedPercent: Type.Integer({ minimum: 0, maximum: 100, default: 0 }),
  justifiedDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })),
  unjustifiedPercent: Type.Integer({ minimum: 0, maximum: 100, default: 100 }),
  unjustifiedDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })),
  account: Type.Optional(Type.String({ maxLength: 20 })),
  childcare: Type.Optional(Type.Boolean()),
})
/** See {@link TariffForm}. */
export type TariffForm = Static<typeof TariffForm>

/** What is wrong with what was typed: by field, or with the tariff as a whole. */
export type TariffReading =
  | { readonly ok: true; readonly rules: TariffRules }
  | { readonly ok: false; readonly fields: Partial<Record<keyof TariffForm, 'amount' | 'percent' | 'tiers' | 'siblings'>>; readonly lines: readonly number[]; readonly faults: readonly TariffFault[] }

/** Reads a typed tariff, and tells every fault: each wrong line of the tiers, each wrong amount, then gaps and overlaps. */
export function readTariffForm(form: TariffForm): TariffReading {
  const fields: Partial<Record<keyof TariffForm, 'amount' | 'percent' | 'tiers' | 'siblings'>> = {}
  const amount = (field: keyof TariffForm, text: string | undefined): number => {
    const cents = readEuros(text ?? '')
    if (cents === undefined) fields[field] = 'amount'
    return cents ?? 0
  }
  const penalty = (kind: (typeof PENALTIES)[number], field: 'lateValue' | 'unbookedValue'): TariffRules['late'] => {
    if (kind === 'none') return null
    if (kind !== 'percent') return { kind, cents: amount(field, form[field]) }
    const percent = readHundredths(form[field] ?? '')
    if (percent === undefined || percent > 100_000) fields[field] = 'percent'
    return { kind, percent: percent ?? 0 }
  }
  const { tiers, lines } = readTiers(form.tiers)
  if (lines.length > 0) fields.tiers = 'tiers'
  const siblings = (form.siblings ?? '').split(';').map((part) => part.trim()).filter((part) => part !== '').map(readHundredths)
  if (siblings.length > 6 || siblings.some((part) => part === undefined || part > 10_000)) fields.siblings = 'siblings'
  const cents = { resident: tiers.map(({ resident }) => resident), other: tiers.map(({ other }) => other) }
  const rate = readRate(form.effortRate ?? '')
  if (form.priceKind === 'effort' && (rate === undefined || rate < 1)) fields.effortRate = 'percent'
  const rules: TariffRules = {
    tiers: tiers.map(({ name, from, to }) => ({ name, from, to })),
    price: form.priceKind === 'fixed' ? { kind: 'fixed', cents }
      : form.priceKind === 'hourly' ? { kind: 'hourly', cents, stepMinutes: form.stepMinutes, graceMinutes: form.graceMinutes, most: (form.mostPerDay ?? '').trim() === '' ? null : amount('mostPerDay', form.mostPerDay) }
        : { kind: 'effort', rate: rate ?? 1, least: amount('effortLeast', form.effortLeast), most: amount('effortMost', form.effortMost), otherMore: form.otherMore * 100 },
    siblings: siblings.map((part) => part ?? 0), late: penalty(form.latePenalty, 'lateValue'), unbooked: penalty(form.unbookedPenalty, 'unbookedValue'),
    absence: { justified: { percent: form.justifiedPercent * 100, days: form.justifiedDays ?? null }, unjustified: { percent: form.unjustifiedPercent * 100, days: form.unjustifiedDays ?? null } },
  }
  const faults = lines.length > 0 ? [] : tariffFaults(rules)
  return faults.length === 0 && Object.keys(fields).length === 0 ? { ok: true, rules } : { ok: false, fields, lines, faults }
}

/** `Tranche 1 ; 0 ; 400 ; 1,00 ; 6,50` a line: name, first and last quotient (none for the last tier), price in the commune, price of others (the same where there is none). */
function readTiers(text: string): { readonly tiers: readonly { readonly name: string; readonly from: number; readonly to: number | null; readonly resident: number; readonly other: number }[]; readonly lines: readonly number[] } {
  const wrong: number[] = []
  const tiers = text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return []
    const [name = '', from = '', to = '', resident = '', other = ''] = line.split(';').map((cell) => cell.trim())
    const price = readEuros(resident === '' ? '0' : resident)
    const otherPrice = other === '' ? price : readEuros(other)
    if (name === '' || name.length > 60 || !/^\d{1,5}$/.test(from) || !/^\d{0,5}$/.test(to) || line.split(';').length > 5 || price === undefined || otherPrice === undefined) {
      wrong.push(index + 1)
      return []
    }
    return [{ name, from: Number(from), to: to === '' ? null : Number(to), resident: price, other: otherPrice }]
  })
  return { tiers, lines: tiers.length === 0 && wrong.length === 0 ? [1] : wrong }
}

/** `12,5` or `12,5 %` in hundredths of a percent. */
function readHundredths(text: string): number | undefined {
  return readEuros(text.replace('%', ''))
}

/** `0,342 %` in millionths. */
function readRate(text: string): number | undefined {
  const [, whole, part = ''] = /^(\d{1,2})(?:[.,](\d{1,4}))?$/.exec(text.replace(/[\s\u00a0%]/g, '')) ?? []
  return whole === undefined ? undefined : Number(whole) * 10_000 + Number(part.padEnd(4, '0'))
}
