import type { CanteenContext } from '../../canteen-types.ts'
import type { TariffFault } from '../../tariffs/tariff-faults.ts'

/** What is wrong with the tiers of a tariff, for who typed or imported them. */
export function faultInWords(c: Pick<CanteenContext, 't' | 'format'>, fault: TariffFault): string {
  if (fault.kind === 'bounds') return c.t('tariff.fault.bounds', { least: c.format.money(fault.least), most: c.format.money(fault.most) })
  return c.t(`tariff.fault.${fault.kind}`, Object.fromEntries(Object.entries(fault).filter(([key]) => key !== 'kind')))
}
