import type { Locale } from '@liberacces/sdk'
import { translator } from './translate.ts'
import type { QuotaKind } from '../entitlement/quota-kind.ts'

const UNITS = ['o', 'Kio', 'Mio', 'Gio', 'Tio', 'Pio'] as const
const ENGLISH_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** An amount as people read it in their language: `5 Gio`, `200 courriels`, `90 s de calcul`. */
export function quotaAmount(locale: Locale, kind: QuotaKind, amount: number): string {
  const number = (value: number, digits: number): string => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)
  if (kind === 'storage') {
    const step = amount < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(amount) / 10))
    return `${number(amount / 1_024 ** step, step === 0 ? 0 : 1)}\u00a0${(locale === 'fr' ? UNITS : ENGLISH_UNITS)[step] ?? ''}`
  }
  const shown = kind === 'cpu' ? Math.round(amount * 10) / 10 : amount
  return translator(locale)(`quota.amount.${kind}`, { count: shown })
}
