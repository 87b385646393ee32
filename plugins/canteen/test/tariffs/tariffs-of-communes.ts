import type { TariffRules } from '../../src/tariffs/tariff-rules.ts'

const ONE_TIER = [{ name: 'Tarif unique', from: 0, to: null }]
const NOTHING = { percent: 0, days: null }
const ALL = { percent: 10_000, days: null }
const fixed = (cents: number): TariffRules['price'] => ({ kind: 'fixed', cents: { resident: [cents], other: [cents] } })

/** Vailhauquès: what is booked late costs half as much again, who comes without a booking pays 10 €. */
export const vailhauques: TariffRules = { tiers: ONE_TIER, price: fixed(420), siblings: [], late: { kind: 'percent', percent: 5_000 }, unbooked: { kind: 'instead', cents: 1_000 }, absence: { justified: NOTHING, unjustified: ALL } }

/** Le Crès: nothing for who is ill and shows it within 48 hours; all for who does not come. */
export const leCres: TariffRules = { tiers: ONE_TIER, price: fixed(385), siblings: [], late: null, unbooked: null, absence: { justified: NOTHING, unjustified: ALL } }

/** Spay: who is ill without a certificate pays the first two days. */
export const spay: TariffRules = { tiers: ONE_TIER, price: fixed(365), siblings: [], late: null, unbooked: null, absence: { justified: NOTHING, unjustified: { percent: 10_000, days: 2 } } }

/** A town with six tiers, other prices for others, and less for brothers and sisters: what the five leave out. */
export const town: TariffRules = {
  tiers: [
    { name: 'Tranche 1', from: 0, to: 400 }, { name: 'Tranche 2', from: 401, to: 600 }, { name: 'Tranche 3', from: 601, to: 800 },
    { name: 'Tranche 4', from: 801, to: 1_000 }, { name: 'Tranche 5', from: 1_001, to: 1_500 }, { name: 'Tranche 6', from: 1_501, to: null },
  ],
  price: { kind: 'fixed', cents: { resident: [100, 180, 260, 380, 450, 520], other: [650, 650, 650, 650, 650, 650] } },
  siblings: [0, 1_000, 2_000, 3_000], late: { kind: 'amount', cents: 100 }, unbooked: { kind: 'percent', percent: 10_000 }, absence: { justified: NOTHING, unjustified: { percent: 5_000, days: null } },
}
