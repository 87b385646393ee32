import type { RegieIdentity } from '../billing/store/regies.ts'
import type { TariffRules } from '../tariffs/tariff-rules.ts'

const NOTHING = { percent: 0, days: null }
const TIERS = [
  { name: 'Tranche 1', from: 0, to: 400 }, { name: 'Tranche 2', from: 401, to: 600 }, { name: 'Tranche 3', from: 601, to: 800 },
  { name: 'Tranche 4', from: 801, to: 1_000 }, { name: 'Tranche 5', from: 1_001, to: 1_500 }, { name: 'Tranche 6', from: 1_501, to: null },
]
const COMMON = { siblings: [0, 1_000, 2_000], absence: { justified: NOTHING, unjustified: { percent: 10_000, days: null } } } as const

/** Meals by tier, and more for who lives elsewhere, books late or comes without a booking. */
export const MEALS: TariffRules = {
  ...COMMON, tiers: TIERS, siblings: [...COMMON.siblings], price: { kind: 'fixed', cents: { resident: [100, 180, 260, 342, 450, 520], other: [650, 650, 650, 650, 650, 650] } },
  late: { kind: 'percent', percent: 5_000 }, unbooked: { kind: 'instead', cents: 1_000 },
}
/** The garderie by the quarter of an hour begun. */
export const HOURS: TariffRules = {
  ...COMMON, tiers: TIERS, siblings: [...COMMON.siblings], price: { kind: 'hourly', cents: { resident: [60, 90, 120, 150, 180, 210], other: [240, 240, 240, 240, 240, 240] }, stepMinutes: '15', graceMinutes: 5, most: null },
  late: null, unbooked: null,
}
/** Half a day by a share of the quotient. */
export const HALF_DAYS: TariffRules = {
  ...COMMON, tiers: [{ name: 'Taux d’effort', from: 0, to: null }], siblings: [...COMMON.siblings], price: { kind: 'effort', rate: 6_000, least: 250, most: 1_100, otherMore: 3_000 },
  late: null, unbooked: null,
}

/** Numbers that are well formed and nobody's. */
export const IDENTITY: RegieIdentity = { creditor: 'Régie des écoles', ics: 'FR72ZZZ123456', iban: 'FR7630006000011234567890189', siret: '21170028100010', idPost: '017028', codCol: '244', codBud: '01', codProdLoc: 'CANT', payfip: '012345' }
