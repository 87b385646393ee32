import type { CanteenContext } from '../canteen-types.ts'
import type { Price, PricePart } from './price.ts'

type Reader = Pick<CanteenContext, 't' | 'format'>

/** A price in words, as families and agents read it: `3,42 € = tranche 4 (QF 801 à 1 000), commune, 2e enfant −10 %`. */
export function explainPrice(c: Reader, { cents, parts }: Price): string {
  // One price for everybody: there is nothing to explain.
  if (parts.length === 0) return c.format.money(cents)
  return c.t('tariff.explained', { price: c.format.money(cents), parts: parts.map((part) => partInWords(c, part)).join(', ') })
}

function partInWords(c: Reader, part: PricePart): string {
  const percent = (hundredths: number): string => c.format.number(hundredths / 100)
  switch (part.kind) {
    case 'tier': return part.to === null
      ? c.t('tariff.part.tier-open', { tier: part.tier, from: c.format.number(part.from) })
      : c.t('tariff.part.tier', { tier: part.tier, from: c.format.number(part.from), to: c.format.number(part.to) })
    case 'no-quotient': return c.t('tariff.part.no-quotient', { tier: part.tier })
    case 'effort': return c.t('tariff.part.effort', { quotient: c.format.number(part.quotient), rate: c.format.number(part.rate / 10_000) })
    case 'minutes': return c.t('tariff.part.minutes', { minutes: part.minutes, counted: part.counted })
    case 'sibling': return c.t('tariff.part.sibling', { rank: part.rank, percent: percent(part.percent) })
    case 'other-more': case 'late-percent': case 'unbooked-percent': return c.t(`tariff.part.${part.kind}`, { percent: percent(part.percent) })
    case 'absent-charged': return c.t('tariff.part.absent-charged', { justified: part.justified ? 'yes' : 'no', percent: percent(part.percent) })
    case 'absent-free': return c.t('tariff.part.absent-free', { justified: part.justified ? 'yes' : 'no' })
    case 'resident': case 'other': case 'not-charged': return c.t(`tariff.part.${part.kind}`)
    case 'effort-least': case 'effort-most': case 'effort-unknown': case 'day-most': case 'late-amount': case 'late-instead': case 'unbooked-amount': case 'unbooked-instead':
      return c.t(`tariff.part.${part.kind}`, { price: c.format.money(part.cents) })
  }
}
