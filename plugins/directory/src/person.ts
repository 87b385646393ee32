import { type Day, foldText } from '@liberacces/sdk'
import { checked, type Checked, type Problem } from './checked.ts'
import { parseEmail, parsePhone } from './contact.ts'
import { isCurrent, type Mandate, byOfficeAndRank } from './mandate.ts'
import { oneLine } from './one-line.ts'

/** What someone is to the collectivité: an élu, or an agent of its administration. */
export const PERSON_KINDS = ['elected', 'agent'] as const
/** See {@link PERSON_KINDS}. */
export type PersonKind = (typeof PERSON_KINDS)[number]

/** An élu or an agent. */
export interface Person {
  readonly kind: PersonKind
  readonly firstName: string
  readonly lastName: string
  /** What an agent does, such as `Responsable de l'état civil`. What an élu does is said by the mandates. */
  readonly role: string
  readonly serviceId: string | undefined
  readonly email: string | undefined
  readonly emailPublic: boolean
  readonly phone: string | undefined
  readonly phonePublic: boolean
  /** Extension, 2 to 8 digits. Never public. */
  readonly internalPhone: string | undefined
  /** Room or building. Never public. */
  readonly room: string | undefined
  /** Account of this tenant, if one is linked. Never public. */
  readonly accountId: string | undefined
  /** Whether the public may see this person at all; an agent may object (GDPR article 21). */
  readonly listed: boolean
}

/** A person as typed: everything is text, nothing is trusted. The service was looked up before. */
export interface PersonDraft extends Pick<Person, 'kind' | 'serviceId' | 'emailPublic' | 'phonePublic' | 'listed'> {
  readonly firstName: string
  readonly lastName: string
  readonly role: string
  readonly email: string
  readonly phone: string
  readonly internalPhone: string
  readonly room: string
  readonly accountId: string
}

/** Fields that {@link checkPerson} may complain about. */
export type PersonField = 'firstName' | 'lastName' | 'role' | 'email' | 'phone' | 'internalPhone' | 'room' | 'accountId'

/** Longest accepted texts, in characters. */
export const PERSON_LIMITS = { firstName: 80, lastName: 80, role: 160, email: 254, phone: 30, internalPhone: 20, room: 80, accountId: 200 } as const

/** Checks and tidies what was typed. */
export function checkPerson(draft: PersonDraft): Checked<Person, PersonField> {
  const problems: { [Field in PersonField]?: Problem } = {}
  const text = (field: PersonField): string => {
    const value = oneLine(draft[field])
    if (value.length > PERSON_LIMITS[field]) problems[field] = 'too-long'
    return value
  }
  const firstName = text('firstName')
  const lastName = text('lastName')
  if (foldText(firstName) === '') problems.firstName = 'required'
  if (foldText(lastName) === '') problems.lastName = 'required'
  const optional = (field: PersonField, parse: (value: string) => string | undefined, problem: Problem): string | undefined => {
    const value = text(field)
    if (value === '' || problems[field] !== undefined) return undefined
    const parsed = parse(value)
    if (parsed === undefined) problems[field] = problem
    return parsed
  }
  return checked(
    {
      kind: draft.kind,
      firstName,
      lastName,
      role: text('role'),
      serviceId: draft.serviceId,
      email: optional('email', parseEmail, 'email'),
      emailPublic: draft.emailPublic,
      phone: optional('phone', parsePhone, 'phone'),
      phonePublic: draft.phonePublic,
      internalPhone: optional('internalPhone', (value) => (/^\d{2,8}$/.test(value.replace(/\s/g, '')) ? value.replace(/\s/g, '') : undefined), 'internal-phone'),
      room: text('room') || undefined,
      accountId: text('accountId') || undefined,
      listed: draft.listed,
    },
    problems,
  )
}

/** The name as it is read: first name, last name. */
export function displayName(person: Pick<Person, 'firstName' | 'lastName'>): string {
  return `${person.firstName} ${person.lastName}`
}

/** What lists are ordered by: last name, first name, accents aside. */
export function personSortKey(person: Pick<Person, 'firstName' | 'lastName'>): string {
  return foldText(`${person.lastName} ${person.firstName}`)
}

/** What searches look at. Services and mandates bring their own texts. */
export function personSearchText(person: Pick<Person, 'firstName' | 'lastName' | 'role'>): string {
  return foldText(`${displayName(person)} ${person.role}`)
}

/** What the person does on a day: an élu's highest current mandate, else the role. */
export function roleOn(person: Pick<Person, 'role'>, mandates: readonly Mandate[], day: Day): string {
  return mandates.filter((mandate) => isCurrent(mandate, day)).toSorted(byOfficeAndRank)[0]?.title ?? person.role
}

/**
 * Whether the public may see a person: who objected is never shown, an élu only while a mandate runs, an agent only
 * where the collectivité shows its agents' names.
 */
export function isPublic(person: Pick<Person, 'kind' | 'listed'>, mandates: readonly Mandate[], day: Day, rules: { readonly showAgents: boolean }): boolean {
  if (!person.listed) return false
  return person.kind === 'agent' ? rules.showAgents : mandates.some((mandate) => isCurrent(mandate, day))
}
