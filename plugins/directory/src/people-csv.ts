import { type Day, foldText } from '@liberacces/sdk'
import { writeCsv } from '@liberacces/sdk/csv'
import { byOfficeAndRank, isCurrent, type Mandate, type Office } from './mandate.ts'
import type { Person, PersonKind } from './person.ts'

/** The columns of the file, in its order. The headings are part of the format, the same in every language. */
export const PEOPLE_COLUMNS = {
  id: 'Identifiant', kind: 'Type', lastName: 'Nom', firstName: 'Prénom', role: 'Fonction', service: 'Service',
  email: 'Courriel', emailPublic: 'Courriel public', phone: 'Téléphone', phonePublic: 'Téléphone public',
  internalPhone: 'Poste interne', room: 'Bureau', listed: 'Visible du public',
  mandateOffice: 'Mandat', mandateTitle: 'Intitulé du mandat', mandateRank: 'Rang', startsOn: 'Début de mandat', lastDay: 'Fin de mandat',
} as const

/** Names of {@link PEOPLE_COLUMNS}. */
export type PeopleColumn = keyof typeof PEOPLE_COLUMNS

/** The words of the file for what someone is. */
export const KIND_WORDS: Readonly<Record<PersonKind, string>> = { elected: 'Élu', agent: 'Agent' }

/** The words of the file for offices. */
export const OFFICE_WORDS: Readonly<Record<Office, string>> = {
  mayor: 'Maire', president: 'Président', deputy: 'Adjoint', 'vice-president': 'Vice-président',
  delegate: 'Conseiller délégué', councillor: 'Conseiller', administrator: 'Administrateur',
}

/** A word of the file as {@link KIND_WORDS} or {@link OFFICE_WORDS} have it, in either gender, accents and case aside. */
export function wordMeaning<Meaning extends string>(words: Readonly<Record<Meaning, string>>, typed: string): Meaning | undefined {
  // Feminine forms: élue, adjointe, conseillère, présidente, administratrice.
  const neutral = (word: string): string =>
    foldText(word).split(' ').map((part) => part.replace(/trice$/, 'teur').replace(/ere$/, 'er').replace(/e+$/, '')).join(' ')
  return (Object.keys(words) as Meaning[]).find((meaning) => neutral(words[meaning]) === neutral(typed))
}

/** What the export needs to know of one person. */
export interface ExportedPerson {
  readonly id: string
  readonly person: Person
  readonly serviceName: string | undefined
  readonly mandates: readonly Mandate[]
}

/** All people as CSV that the import takes back. An élu's line bears the highest current mandate, else the last one. */
export function writePeopleCsv(people: readonly ExportedPerson[], today: Day): string {
  const columns = Object.keys(PEOPLE_COLUMNS) as PeopleColumn[]
  const rows = people.map(({ id, person, serviceName, mandates }) => {
    const mandate =
      mandates.filter((candidate) => isCurrent(candidate, today)).toSorted(byOfficeAndRank)[0] ??
      mandates.toSorted((a, b) => b.startsOn.localeCompare(a.startsOn))[0]
    const cells: Record<PeopleColumn, string> = {
      id,
      kind: KIND_WORDS[person.kind],
      lastName: person.lastName,
      firstName: person.firstName,
      role: person.role,
      service: serviceName ?? '',
      email: person.email ?? '',
      emailPublic: yesNo(person.emailPublic),
      phone: person.phone ?? '',
      phonePublic: yesNo(person.phonePublic),
      internalPhone: person.internalPhone ?? '',
      room: person.room ?? '',
      listed: yesNo(person.listed),
      mandateOffice: mandate === undefined ? '' : OFFICE_WORDS[mandate.office],
      mandateTitle: mandate?.title ?? '',
      mandateRank: mandate?.rank?.toString() ?? '',
      startsOn: mandate?.startsOn ?? '',
      lastDay: mandate?.lastDay ?? '',
    }
    return columns.map((column) => cells[column])
  })
  return writeCsv(Object.values(PEOPLE_COLUMNS), rows)
}

function yesNo(value: boolean): string {
  return value ? 'oui' : 'non'
}
