import type { CanteenContext } from '../canteen-types.ts'
import { WHOLE } from '../tariffs/money.ts'
import { explainPrice } from '../tariffs/explain-price.ts'
import type { PricePart } from '../tariffs/price.ts'
import type { BillingTables } from './tables.ts'

/** Why a line costs what it does, as families and agents read it. */
export function lineInWords(c: Pick<CanteenContext, 't' | 'format'>, line: Pick<BillingTables['invoice_line'], 'parts' | 'price_cents' | 'share' | 'correction' | 'booking_id'>): string {
  if (line.booking_id === null) return ''
  const parts = JSON.parse(line.parts) as readonly PricePart[]
  const price = parts.length === 0 ? (line.price_cents === 0 ? '' : c.format.money(line.price_cents)) : explainPrice(c, { cents: line.price_cents, parts })
  return [
    ...(line.correction === 1 ? [c.t('billing.line.correction')] : []), ...(price === '' ? [] : [price]),
    ...(line.share === WHOLE ? [] : [c.t('billing.line.share', { percent: c.format.number(line.share / 100) })]),
  ].join('; ')
}
