import type { Association } from './association.ts'
import { writeCsv } from '@liberacces/sdk/csv'

/** All associations as CSV. The headings are part of the format, the same in every language. */
export function writeAssociationsCsv(associations: readonly (Association & { readonly id: string })[]): string {
  return writeCsv(
    ['Identifiant', 'Nom', 'Numéro RNA', 'Objet', 'Site internet', 'Contact', 'Courriel du contact', 'Téléphone du contact', 'Contact public'],
    associations.map((association) => [
      association.id, association.name, association.rna ?? '', association.purpose, association.website ?? '', association.contactName,
      association.contactEmail ?? '', association.contactPhone ?? '', association.contactPublic ? 'oui' : 'non',
    ]),
  )
}
