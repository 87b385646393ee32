/** What other plugins of childhood may rely on. Nothing here runs but the declarations. Days are `YYYY-MM-DD` in Paris. */
import { Choice, defineEvent, defineService, Type, type Static } from '@liberacces/sdk'

const Id = Type.String({ minLength: 1, maxLength: 200 })
const Day = Type.String({ format: 'date' })
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

/** A class of a school, as lists name it. */
export const ClassName = Type.Object({ id: Type.String(), name: Type.String(), level: Type.String() })

/** A school with its classes, ordered by level. */
export const SchoolCard = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** `UAI`, the number of the school in the register of the ministry, where it is known. */
  uai: Type.Optional(Type.String()),
  classes: Type.Array(ClassName),
})
/** See {@link SchoolCard}. */
export type SchoolCard = Static<typeof SchoolCard>

/** A child, without health data. */
export const ChildCard = Type.Object({
  id: Type.String(),
  householdId: Type.String(),
  firstName: Type.String(),
  lastName: Type.String(),
  birthDay: Day,
  /** Where the child goes to school on the day that was asked about; absent where nothing is known. */
  schoolId: Type.Optional(Type.String()),
  classId: Type.Optional(Type.String()),
  className: Type.Optional(Type.String()),
})
/** See {@link ChildCard}. */
export type ChildCard = Static<typeof ChildCard>

/** A person who answers for children of a household. */
export const GuardianCard = Type.Object({
  id: Type.String(),
  firstName: Type.String(),
  lastName: Type.String(),
  /** Account on this tenant, where the person has one. */
  accountId: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  /** Postal address, several lines. */
  address: Type.Optional(Type.String()),
  postcode: Type.Optional(Type.String()),
  town: Type.Optional(Type.String()),
})
/** See {@link GuardianCard}. */
export type GuardianCard = Static<typeof GuardianCard>

/** A household with who belongs to it. */
export const HouseholdCard = Type.Object({
  id: Type.String(),
  /** How lists name it, such as `Moreau – Petit`. */
  name: Type.String(),
  /** Whether it lives in the commune: tariffs tell the two apart. */
  resident: Type.Boolean(),
  guardians: Type.Array(GuardianCard),
  children: Type.Array(ChildCard),
})
/** See {@link HouseholdCard}. */
export type HouseholdCard = Static<typeof HouseholdCard>

/** The quotient familial that holds on a day, and where it is from. */
export const Quotient = Type.Object({
  /** In whole euros, 0 or more. */
  value: Type.Integer({ minimum: 0 }),
  /** Month for which it was calculated, `YYYY-MM`. */
  month: Type.String({ pattern: String.raw`^\d{4}-\d{2}$` }),
  source: Choice(['CNAF', 'MSA', 'declared']),
})
/** See {@link Quotient}. */
export type Quotient = Static<typeof Quotient>

/** Who pays for a child on a day: with alternating custody one of two, or both in parts. */
export const Payer = Type.Object({
  guardianId: Type.String(),
  /** Share in ten-thousandths: the shares of a day add up to 10 000. */
  share: Type.Integer({ minimum: 1, maximum: 10_000 }),
})

/** What those who look after a child must know of its health. Never more than was flagged for the purpose. */
export const HealthFlag = Type.Object({
  childId: Type.String(),
  /** Whether a PAI (projet d'accueil individualisé) is in force. */
  pai: Type.Boolean(),
  /** Codes of the 14 allergens of regulation (EU) 1169/2011, annex II. */
  allergens: Type.Array(Type.String()),
  /** One line for those on the spot, such as `Stylo d'adrénaline au bureau`. */
  note: Type.Optional(Type.String()),
})
/** See {@link HealthFlag}. */
export type HealthFlag = Static<typeof HealthFlag>

/** Where health data is shown: on the list of children, on that of who eats today, on the order to the kitchen. */
export const HealthPurpose = Choice(['children', 'attendance', 'meal-order'])

/**
 * Families of a collectivité. A citizen gets what is of the own household and nothing of others; agents need the permissions named at the operations,
 * the platform's own work (`system`) has them all. Unknown ids answer `null` or are left out, never an error.
 */
export const Families = defineService('fr.liberacces.families/v1', {
  ownHouseholds: { summary: 'Households of which the acting account is a guardian', input: Type.Object({}), output: Type.Array(HouseholdCard) },
  household: { summary: 'A household by id: the own one, or with household.read', input: Type.Object({ id: Id }), output: Nullable(HouseholdCard) },
  households: {
    summary: 'Households by id, or page by page in the order of their ids', permission: 'household.read',
    input: Type.Object({ ids: Type.Optional(Type.Array(Id, { maxItems: 500 })), after: Type.Optional(Id), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 200 })) }),
    output: Type.Array(HouseholdCard),
  },
  child: { summary: 'A child by id: one of the own household, or with child.read', input: Type.Object({ id: Id, on: Type.Optional(Day) }), output: Nullable(ChildCard) },
  children: {
    summary: 'Children by id, by school or by class, ordered by last and first name', permission: 'child.read',
    input: Type.Object({
      ids: Type.Optional(Type.Array(Id, { maxItems: 1_000 })), schoolId: Type.Optional(Id), classId: Type.Optional(Id), on: Type.Optional(Day),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 1_000 })),
    }),
    output: Type.Array(ChildCard),
  },
  schools: { summary: 'The schools with their classes, ordered by name', input: Type.Object({}), output: Type.Array(SchoolCard) },
  quotient: {
    summary: 'The quotient familial of a household on a day: the own one, or with quotient.read; null where none is known',
    input: Type.Object({ householdId: Id, on: Day }), output: Nullable(Quotient),
  },
  payers: {
    summary: 'Who pays for a child on each of some days: a child of the own household, or with household.read',
    input: Type.Object({ childId: Id, days: Type.Array(Day, { minItems: 1, maxItems: 400 }) }),
    output: Type.Array(Type.Object({ day: Day, payers: Type.Array(Payer) })),
  },
  quotients: {
    summary: 'The quotients familiaux of some households on some days, as the operation quotient answers one; what is not known is left out', permission: 'quotient.read',
    input: Type.Object({ householdIds: Type.Array(Id, { maxItems: 500 }), days: Type.Array(Day, { minItems: 1, maxItems: 60 }) }),
    output: Type.Array(Type.Object({ householdId: Type.String(), on: Day, ...Quotient.properties })),
  },
  payerPeriods: {
    summary: 'Who pays for some children from a day to a day, at most 800 days: for each child periods that follow one another, a new one where somebody else pays', permission: 'household.read',
    input: Type.Object({ childIds: Type.Array(Id, { maxItems: 2_000 }), from: Day, to: Day }),
    output: Type.Array(Type.Object({ childId: Type.String(), from: Day, to: Day, payers: Type.Array(Payer) })),
  },
  healthFlags: {
    summary: 'Health flags of some children for one purpose on a day; who asks is noted in the audit trail', permission: 'health.flags',
    input: Type.Object({ childIds: Type.Array(Id, { maxItems: 1_000 }), purpose: HealthPurpose, on: Day }), output: Type.Array(HealthFlag),
  },
  pickUpPersons: {
    summary: 'Who may fetch a child on a day', permission: 'child.read',
    input: Type.Object({ childId: Id, on: Day }), output: Type.Array(Type.Object({ name: Type.String(), phone: Type.Optional(Type.String()), relation: Type.String() })),
  },
})

const Change = Choice(['created', 'updated', 'deleted'])

/** A child was entered, changed or deleted. Says who, not what: ask {@link Families}. */
export const ChildChanged = defineEvent('fr.liberacces.families.child-changed/v1', Type.Object({ childId: Type.String(), householdId: Type.String(), change: Change }), { subject: 'childId' })

/** A household, its guardians or who pays were changed. */
export const HouseholdChanged = defineEvent('fr.liberacces.families.household-changed/v1', Type.Object({ householdId: Type.String(), change: Change }), { subject: 'householdId' })

const Renamed = Type.Object({ from: Type.String(), to: Type.String() })

/**
 * Two households were one family and are one household now. `mergedId` is no more, and neither are the people under `from`, who are those under `to`; everybody else of that household
 * belongs to `householdId` under the id that they had. There is no event of a deletion besides: whoever keeps ids of families moves what hangs on them. A household that was merged may be merged once more.
 */
export const HouseholdsMerged = defineEvent(
  'fr.liberacces.families.households-merged/v1', Type.Object({ householdId: Type.String(), mergedId: Type.String(), guardians: Type.Array(Renamed), children: Type.Array(Renamed) }), { subject: 'householdId' },
)

/** Another quotient familial holds for a household. Says that, not how much. */
export const QuotientChanged = defineEvent('fr.liberacces.families.quotient-changed/v1', Type.Object({ householdId: Type.String(), from: Day }), { subject: 'householdId' })

/** A long file of children is read. */
export const ChildrenImporting = defineEvent('fr.liberacces.families.children-importing/v1', Type.Object({ reportId: Type.String() }), { subject: 'reportId' })
