import type { Tier, TariffRules } from './tariff-rules.ts'

/** What is wrong with a tariff beyond its shape. Each has a message `tariff.fault.<kind>`. */
export type TariffFault =
  | { readonly kind: 'start'; readonly tier: string; readonly from: number }
  | { readonly kind: 'gap' | 'overlap'; readonly tier: string; readonly next: string; readonly to: number; readonly from: number }
  | { readonly kind: 'reversed'; readonly tier: string; readonly from: number; readonly to: number }
  | { readonly kind: 'open'; readonly tier: string }
  | { readonly kind: 'closed'; readonly tier: string; readonly to: number }
  | { readonly kind: 'prices'; readonly tiers: number; readonly prices: number }
  | { readonly kind: 'bounds'; readonly least: number; readonly most: number }
  | { readonly kind: 'siblings'; readonly rank: number }

/** Every fault of a tariff; none where each quotient from 0 on is in just one tier and has a price. */
export function tariffFaults({ tiers, price, siblings }: TariffRules): readonly TariffFault[] {
  const faults: TariffFault[] = [...tierFaults(tiers)]
  if (price.kind === 'effort') {
    if (price.least > price.most) faults.push({ kind: 'bounds', least: price.least, most: price.most })
  } else {
    for (const prices of [price.cents.resident, price.cents.other]) if (prices.length !== tiers.length) faults.push({ kind: 'prices', tiers: tiers.length, prices: prices.length })
  }
  // Who comes later never pays more than who comes before.
  siblings.forEach((percent, index) => { if (index > 0 && percent < (siblings[index - 1] ?? 0)) faults.push({ kind: 'siblings', rank: index + 1 }) })
  return faults
}

function tierFaults(tiers: readonly Tier[]): readonly TariffFault[] {
  return tiers.flatMap((tier, index): readonly TariffFault[] => {
    const { name, from, to } = tier
    const faults: TariffFault[] = []
    const before = tiers[index - 1]
    if (before === undefined) {
      if (from !== 0) faults.push({ kind: 'start', tier: name, from })
    } else if (before.to !== null && from !== before.to + 1) {
      faults.push({ kind: from > before.to ? 'gap' : 'overlap', tier: before.name, next: name, to: before.to, from })
    }
    if (to !== null && to < from) faults.push({ kind: 'reversed', tier: name, from, to })
    const isLast = index === tiers.length - 1
    if (to === null && !isLast) faults.push({ kind: 'open', tier: name })
    if (to !== null && isLast) faults.push({ kind: 'closed', tier: name, to })
    return faults
  })
}
