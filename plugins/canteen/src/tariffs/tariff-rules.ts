/** What a tariff says, as data: stored as JSON, checked when it is saved and each time it is read. */
import { Choice, Type, type Static } from '@liberacces/sdk'

/** Most that anything costs, in cents: what is more is a slip of the keyboard. */
const MOST_CENTS = 1_000_000
/** Highest quotient familial that a tier may name, in euros. */
const MOST_QUOTIENT = 100_000
/** Most tiers of one tariff. */
const MOST_TIERS = 20
/** A percentage in hundredths of a percent: 10 000 is all of it. */
const Percent = (maximum = 10_000) => Type.Integer({ minimum: 0, maximum })
const Cents = Type.Integer({ minimum: 0, maximum: MOST_CENTS })

/** A range of quotients familiaux, both ends included, in whole euros. The last one has no upper end. */
export const Tier = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 60 }),
  from: Type.Integer({ minimum: 0, maximum: MOST_QUOTIENT }),
  to: Type.Union([Type.Integer({ minimum: 0, maximum: MOST_QUOTIENT }), Type.Null()]),
})
/** See {@link Tier}. */
export type Tier = Static<typeof Tier>

/** An amount for each tier, in their order, for who lives in the commune and for who does not. */
const ByTier = Type.Object({ resident: Type.Array(Cents, { minItems: 1, maxItems: MOST_TIERS }), other: Type.Array(Cents, { minItems: 1, maxItems: MOST_TIERS }) })

/** So much for each time. */
const Fixed = Type.Object({ kind: Type.Literal('fixed'), cents: ByTier })

/** So much for each hour, counted in steps that have begun. */
const Hourly = Type.Object({
  kind: Type.Literal('hourly'),
  /** For one hour. */
  cents: ByTier,
  stepMinutes: Choice(['5', '10', '15', '30', '60']),
  /** Minutes that cost nothing at the end of each stay. */
  graceMinutes: Type.Integer({ minimum: 0, maximum: 60 }),
  /** Most that a day costs. */
  most: Type.Union([Cents, Type.Null()]),
})

/** A share of the quotient familial (taux d'effort), between a least and a most. */
const Effort = Type.Object({
  kind: Type.Literal('effort'),
  /** In millionths of the quotient: 3 420 of a quotient of 1 000 € is 3,42 €. */
  rate: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  least: Cents,
  most: Cents,
  /** What who does not live in the commune pays more, in hundredths of a percent. */
  otherMore: Percent(100_000),
})

/** What is added or charged instead. */
const Penalty = Type.Union([
  /** More, in hundredths of a percent of the price. */
  Type.Object({ kind: Type.Literal('percent'), percent: Percent(100_000) }),
  /** More, in cents. */
  Type.Object({ kind: Type.Literal('amount'), cents: Cents }),
  /** Instead of the price, in cents. */
  Type.Object({ kind: Type.Literal('instead'), cents: Cents }),
  Type.Null(),
])

/** What an absence costs: a share of the price, for the first days of it alone or for all. */
const Absence = Type.Object({ percent: Percent(), days: Type.Union([Type.Integer({ minimum: 1, maximum: 365 }), Type.Null()]) })

export const TariffRules = Type.Object({
  /** From a quotient of 0 on, each beginning where the one before it ends. */
  tiers: Type.Array(Tier, { minItems: 1, maxItems: MOST_TIERS }),
  price: Type.Union([Fixed, Hourly, Effort]),
  /** What is taken off for the first child, the second… in hundredths of a percent; who comes after the last has what it has. Empty: nothing. */
  siblings: Type.Array(Percent(), { maxItems: 6 }),
  late: Penalty,
  unbooked: Penalty,
  absence: Type.Object({ justified: Absence, unjustified: Absence }),
})
/** See {@link TariffRules}. */
export type TariffRules = Static<typeof TariffRules>
/** See {@link TariffRules}. */
export type Penalty = Static<typeof Penalty>
