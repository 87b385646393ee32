/** The forms that families and agents fill in. Labels are the messages `field.<name>`. */
import { Choice, LongText, Type, Upload, type Static } from '@liberacces/sdk'
import { ALLERGENS, type Allergen } from './domain/allergens.ts'
import { HEALTH_PURPOSES, type HealthRecord } from './domain/health-record.ts'
import { LEVELS } from './domain/school-year.ts'
import { FRANCE, splitFirstNames, type CivilStatus } from './quotient/civil-status.ts'
import type { GuardianInput } from './store/households.ts'
import { DOCUMENT_KINDS, type Tables } from './tables.ts'

const Day = Type.String({ format: 'date' })
const Name = Type.String({ minLength: 1, maxLength: 80 })
const Phone = Type.String({ maxLength: 30, pattern: String.raw`^\+?[\d .()-]{6,}$` })
const Postcode = Type.String({ pattern: String.raw`^\d{5}$` })
const File = Upload({ accept: ['application/pdf', 'image/png', 'image/jpeg'], maxBytes: 5_242_880 })

/** Who a form is about: carried along, and named in its intro. */
const Whose = { childName: Type.Optional(Type.String({ 'maxLength': 170, 'x-widget': 'hidden' })) }

/** Where a household lives. */
export const HouseholdForm = Type.Object({ address: LongText({ minLength: 3, maxLength: 300 }), postcode: Postcode, town: Type.String({ minLength: 1, maxLength: 80 }) })
/** The same, and whether that is in the commune: the agent knows. */
export const HouseholdByAgentForm = Type.Object({ ...HouseholdForm.properties, resident: Type.Boolean({ default: true }) })

/** Who answers for children. */
export const GuardianForm = Type.Object({
  firstName: Name, lastName: Name,
  email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })), phone: Type.Optional(Phone),
  ownAddress: Type.Optional(LongText({ maxLength: 300 })), ownPostcode: Type.Optional(Postcode), ownTown: Type.Optional(Type.String({ maxLength: 80 })),
})
/** The same, and what the person may do. */
export const GuardianByAgentForm = Type.Object({ ...GuardianForm.properties, mayBook: Type.Boolean({ default: true }), mayFetch: Type.Boolean({ default: true }) })

/** A child. */
export const ChildForm = Type.Object({ firstName: Name, lastName: Name, birthDay: Day })
/** A child who is to be registered, with the level that the family expects. */
export const NewChildForm = Type.Object({ ...ChildForm.properties, level: Choice(LEVELS) })

/** A health record. */
export const HealthForm = Type.Object({
  ...Whose,
  allergens: Type.Array(Choice(ALLERGENS), { default: [] }),
  note: Type.Optional(Type.String({ maxLength: 200 })), doctor: Type.Optional(Type.String({ maxLength: 120 })),
  hasPai: Type.Boolean({ default: false }), paiFirstDay: Type.Optional(Day), paiLastDay: Type.Optional(Day),
  treatment: Type.Optional(LongText({ maxLength: 1_000 })), protocol: Type.Optional(File),
})
/** The same, and which lists show it: agents decide. */
export const HealthByAgentForm = Type.Object({ ...HealthForm.properties, shownOn: Type.Array(Choice(HEALTH_PURPOSES), { default: [] }) })

/** Someone who may fetch a child. */
export const PickUpForm = Type.Object({ ...Whose, name: Name, relation: Type.String({ minLength: 1, maxLength: 60 }), phone: Type.Optional(Phone), firstDay: Type.Optional(Day), lastDay: Type.Optional(Day) })

/** A document about a child. */
export const DocumentForm = Type.Object({ ...Whose, kind: Choice(DOCUMENT_KINDS), validUntil: Type.Optional(Day), file: File })

/** The civil status under which CAF or MSA know a person. */
export const CivilStatusForm = Type.Object({
  birthName: Name, firstNames: Type.String({ minLength: 1, maxLength: 200 }), usedName: Type.Optional(Type.String({ maxLength: 80 })), sex: Choice(['F', 'M']),
  birthYear: Type.Optional(Type.Integer({ minimum: 1900, maximum: 2199 })), birthMonth: Type.Optional(Type.Integer({ minimum: 1, maximum: 12 })), birthDayOfMonth: Type.Optional(Type.Integer({ minimum: 1, maximum: 31 })),
  birthCommune: Type.Optional(Type.String({ pattern: '^([013-9][0-9]|2[AB1-9])[0-9]{3}$' })), birthCountry: Type.String({ pattern: '^99[0-9]{3}$', default: FRANCE }),
  agreed: Type.Literal(true),
})

/** What the citizen may change of the own entry: how the commune reaches the person, and where bills go. */
export const OwnContactForm = Type.Object({ email: GuardianForm.properties.email, phone: GuardianForm.properties.phone, ownAddress: GuardianForm.properties.ownAddress, ownPostcode: GuardianForm.properties.ownPostcode, ownTown: GuardianForm.properties.ownTown })

/** The part of an address that is missing where some of it is given: a bill needs all three. */
export function missingOfAddress({ ownAddress, ownPostcode, ownTown }: Pick<Static<typeof GuardianForm>, 'ownAddress' | 'ownPostcode' | 'ownTown'>): 'ownAddress' | 'ownPostcode' | 'ownTown' | undefined {
  if (ownAddress === undefined && ownPostcode === undefined && ownTown === undefined) return undefined
  if (ownAddress === undefined) return 'ownAddress'
  if (ownPostcode === undefined) return 'ownPostcode'
  return ownTown === undefined ? 'ownTown' : undefined
}

/** What a guardian's form says. */
export function guardianOf(form: Static<typeof GuardianForm> & { readonly mayBook?: boolean; readonly mayFetch?: boolean }, accountId?: string): GuardianInput {
  return {
    firstName: form.firstName, lastName: form.lastName, email: form.email, phone: form.phone, accountId,
    address: form.ownAddress, postcode: form.ownPostcode, town: form.ownTown, mayBook: form.mayBook ?? true, mayFetch: form.mayFetch ?? true,
  }
}

/** What the form shows of a guardian. */
export function guardianForm(row: Tables['guardian']): Static<typeof GuardianByAgentForm> {
  return {
    firstName: row.first_name, lastName: row.last_name, mayBook: row.may_book === 1, mayFetch: row.may_fetch === 1,
    ...(row.email === null ? {} : { email: row.email }), ...(row.phone === null ? {} : { phone: row.phone }),
    ...(row.address === null ? {} : { ownAddress: row.address }), ...(row.postcode === null ? {} : { ownPostcode: row.postcode }), ...(row.town === null ? {} : { ownTown: row.town }),
  }
}

/** What a form says of a child's health. Families do not decide where it is shown: what stood there stays, and a PAI is shown where children are looked after. */
export function healthOf(form: Static<typeof HealthForm> & { readonly shownOn?: HealthRecord['shownOn'] }, before: HealthRecord, today: string): HealthRecord {
  const pai = form.hasPai
    ? { firstDay: form.paiFirstDay ?? today, lastDay: form.paiLastDay, treatment: form.treatment, protocolId: form.protocol?.id, protocolName: form.protocol?.name }
    : undefined
  const usual: HealthRecord['shownOn'] = before.shownOn.length > 0 ? before.shownOn : pai === undefined ? (form.allergens.length > 0 ? ['children', 'attendance'] : []) : HEALTH_PURPOSES
  return { allergens: [...new Set<Allergen>(form.allergens)], note: form.note, doctor: form.doctor, pai, shownOn: form.shownOn ?? usual }
}

/** What the form shows of a record. A protocol that is there is not shown as a file again: it stays until another one comes. */
export function healthForm(record: HealthRecord): Partial<Static<typeof HealthByAgentForm>> {
  const { pai } = record
  return {
    allergens: [...record.allergens], shownOn: [...record.shownOn], hasPai: pai !== undefined,
    ...(record.note === undefined ? {} : { note: record.note }), ...(record.doctor === undefined ? {} : { doctor: record.doctor }),
    ...(pai === undefined ? {} : { paiFirstDay: pai.firstDay }), ...(pai?.lastDay === undefined ? {} : { paiLastDay: pai.lastDay }), ...(pai?.treatment === undefined ? {} : { treatment: pai.treatment }),
  }
}

/** Civil status from its form. */
export function civilStatusOf({ firstNames, agreed: _agreed, ...rest }: Static<typeof CivilStatusForm>): CivilStatus {
  return { ...rest, firstNames: splitFirstNames(firstNames) }
}
