import { foldText } from '@liberacces/sdk'
import type { Mandate } from '../mandate.ts'
import type { Person, PersonKind } from '../person.ts'
import { integer, pick, type Chance } from './chance.ts'
import { LAST_NAMES, MEN, WOMEN } from './names.ts'

/** How titles agree. */
export type Gender = 'f' | 'm'

/** A title in both genders. */
export type Gendered = Readonly<Record<Gender, string>>

/** A person of the demonstration, before ids are given. */
export interface DemoPerson {
  readonly person: Person
  readonly service: string | undefined
  readonly mandates: readonly Mandate[]
}

/** What someone is to be. */
export interface Part {
  readonly kind: PersonKind
  readonly gender: Gender
  readonly role?: string
  readonly service?: string
  readonly mandates?: readonly Mandate[]
  readonly contactPublic?: boolean
}

/** The other gender: lists alternate (code électoral, article L264). */
export function otherGender(gender: Gender): Gender {
  return gender === 'f' ? 'm' : 'f'
}

/** Finds people for parts; no name and no e-mail address comes twice. */
export class Cast {
  readonly #chance: Chance
  readonly #domain: string
  readonly #taken = new Set<string>()
  #extension = 100

  constructor(chance: Chance, slug: string) {
    this.#chance = chance
    this.#domain = `${slug}.example`
  }

  /** A name that nobody has yet. */
  name(gender: Gender): { readonly firstName: string; readonly lastName: string } {
    for (;;) {
      const firstName = pick(this.#chance, gender === 'f' ? WOMEN : MEN)
      const lastName = pick(this.#chance, LAST_NAMES)
      const key = foldText(`${firstName} ${lastName}`)
      if (this.#taken.has(key)) continue
      this.#taken.add(key)
      return { firstName, lastName }
    }
  }

  play(part: Part): DemoPerson {
    const { firstName, lastName } = this.name(part.gender)
    const address = (text: string): string => foldText(text.replace(/’/g, '')).replace(/ /g, '-')
    this.#extension += 1
    return {
      service: part.service,
      mandates: part.mandates ?? [],
      person: {
        kind: part.kind,
        firstName,
        lastName,
        role: part.role ?? '',
        serviceId: undefined,
        email: `${address(firstName)}.${address(lastName)}@${this.#domain}`,
        emailPublic: part.contactPublic ?? false,
        phone: part.kind === 'agent' ? landline(this.#chance) : mobile(this.#chance),
        phonePublic: part.kind === 'agent' && (part.contactPublic ?? false),
        internalPhone: part.kind === 'agent' ? String(this.#extension) : undefined,
        room: part.kind === 'agent' ? `${pick(this.#chance, ['A', 'B'])}${integer(this.#chance, 1, 2)}${String(integer(this.#chance, 1, 15)).padStart(2, '0')}` : undefined,
        accountId: undefined,
        listed: true,
      },
    }
  }
}

/** A number from the range 05 36 49, which is nobody's: ARCEP keeps it for works of fiction. */
export function landline(chance: Chance): string {
  return `05 36 49 ${digits(chance, 2)} ${digits(chance, 2)}`
}

/** A number from the range 06 39 98, kept for works of fiction too. */
export function mobile(chance: Chance): string {
  return `06 39 98 ${digits(chance, 2)} ${digits(chance, 2)}`
}

/** Digits by chance, as text. */
export function digits(chance: Chance, count: number): string {
  return Array.from({ length: count }, () => integer(chance, 0, 9)).join('')
}
