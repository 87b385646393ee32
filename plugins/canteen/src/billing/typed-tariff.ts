import { decimalEuros } from '../payments/euros.ts'
import type { Penalty } from '../tariffs/tariff-rules.ts'
import type { TariffForm } from '../tariffs/tariff-text.ts'
import type { StoredTariff } from './store/tariffs.ts'

/** A stored tariff as an agent would type it. */
export function typedTariff({ rules, ...tariff }: StoredTariff, regieNumber: number): TariffForm {
  const { price } = rules
  const cents = price.kind === 'effort' ? undefined : price.cents
  return {
    tariffName: tariff.name, regieNumber, validFrom: tariff.first_day, ...(tariff.last_day === null ? {} : { validTo: tariff.last_day }), priceKind: price.kind,
    tiers: rules.tiers.map(({ name, from, to }, index) => [name, from, to ?? '', ...(cents === undefined ? [] : [typed(cents.resident[index] ?? 0), typed(cents.other[index] ?? 0)])].join(' ; ')).join('\n'),
    stepMinutes: price.kind === 'hourly' ? price.stepMinutes : '15', graceMinutes: price.kind === 'hourly' ? price.graceMinutes : 0, ...(price.kind === 'hourly' && price.most !== null ? { mostPerDay: typed(price.most) } : {}),
    ...(price.kind === 'effort' ? { effortRate: `${Math.floor(price.rate / 10_000)},${String(price.rate % 10_000).padStart(4, '0')}`, effortLeast: typed(price.least), effortMost: typed(price.most) } : {}),
    otherMore: price.kind === 'effort' ? Math.floor(price.otherMore / 100) : 0, siblings: rules.siblings.map(typed).join(' ; '), siblingsCounted: tariff.siblings_counted,
    latePenalty: rules.late?.kind ?? 'none', ...value('lateValue', rules.late), unbookedPenalty: rules.unbooked?.kind ?? 'none', ...value('unbookedValue', rules.unbooked),
    justifiedPercent: Math.floor(rules.absence.justified.percent / 100), ...(rules.absence.justified.days === null ? {} : { justifiedDays: rules.absence.justified.days }),
    unjustifiedPercent: Math.floor(rules.absence.unjustified.percent / 100), ...(rules.absence.unjustified.days === null ? {} : { unjustifiedDays: rules.absence.unjustified.days }),
    ...(tariff.account === '' ? {} : { account: tariff.account }), childcare: tariff.childcare === 1,
  }
}

/** Hundredths with a comma: cents of euros, or hundredths of a percent. */
function typed(hundredths: number): string {
  return decimalEuros(hundredths).replace('.', ',')
}

function value(field: 'lateValue' | 'unbookedValue', penalty: Penalty): Partial<Pick<TariffForm, 'lateValue' | 'unbookedValue'>> {
  return penalty === null ? {} : { [field]: typed(penalty.kind === 'percent' ? penalty.percent : penalty.cents) }
}
