import type { Locale } from '@liberacces/sdk'
import { translator } from './translate.ts'
import type { QuotaKind } from '../entitlement/quota-kind.ts'

const UNITS = ['o', 'Kio', 'Mio', 'Gio', 'Tio', 'Pio'] as const
const ENGLISH_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** A limit as people read it in their language: `5 Gio`, `200 courriels par jour`. */
export function quotaLimit(locale: Locale, kind: QuotaKind, limit: number): string {
  const amount = quotaAmount(locale, kind, limit)
  return kind === 'storage' ? amount : translator(locale)('quota.aDay', { amount })
}

/** An amount as people read it in their language: `5 Gio`, `200 courriels`, `90 s`. */
export function quotaAmount(locale: Locale, kind: QuotaKind, amount: number): string {
  const number = (value: number, digits: number): string => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)
  if (kind === 'storage') {
    const step = amount < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(amount) / 10))
    return `${number(amount / 1_024 ** step, step === 0 ? 0 : 1)}\u00a0${(locale === 'fr' ? UNITS : ENGLISH_UNITS)[step] ?? ''}`
  }
  if (kind === 'cpu') return duration(amount, number)
  return translator(locale)(`quota.amount.${kind}`, { count: amount })
}

/** `1 h 30 min`, `15 min`, `12,5 s`: no more than two parts. */
function duration(seconds: number, number: (value: number, digits: number) => string): string {
  if (seconds < 60) return `${number(seconds, 1)}\u00a0s`
  const whole = Math.round(seconds)
  const parts: readonly (readonly [value: number, unit: string])[] = [[Math.floor(whole / 3_600), 'h'], [Math.floor((whole % 3_600) / 60), 'min'], [whole % 60, 's']]
  const first = parts.findIndex(([value]) => value > 0)
  return parts.slice(first, first + 2).filter(([value]) => value > 0).map(([value, unit]) => `${number(value, 0)}\u00a0${unit}`).join(' ')
}
