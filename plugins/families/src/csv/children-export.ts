import type { HouseholdCard } from '../contract.ts'
import { addressLine } from '../domain/address-line.ts'
import { COLUMNS, type Column } from './columns.ts'
import { writeCsv } from '@liberacces/sdk/csv'

/** What else the file says of a household or a class. */
export interface ExportFacts {
  readonly schoolNames: ReadonlyMap<string, string>
  readonly addresses: ReadonlyMap<string, { readonly address: string; readonly postcode: string; readonly town: string }>
  /** Of guardians whose address is not their household's, by id. */
  readonly ownAddresses: ReadonlyMap<string, { readonly address: string | null; readonly postcode: string | null; readonly town: string | null }>
  readonly quotients: ReadonlyMap<string, { readonly value: number; readonly month: string }>
}

/** All children as CSV that the import takes; cells that a spreadsheet would run are guarded. Nothing of health is in it. */
export function writeChildrenCsv(households: readonly HouseholdCard[], { schoolNames, addresses, ownAddresses, quotients }: ExportFacts): string {
  const columns = Object.keys(COLUMNS) as Column[]
  const rows = households.flatMap((household) => household.children.map((child) => {
    const [first, second] = household.guardians
    const place = addresses.get(household.id)
    const [ownFirst, ownSecond] = [first, second].map((guardian) => ownAddresses.get(guardian?.id ?? ''))
    const quotient = quotients.get(household.id)
    const cells: Record<Column, string> = {
      household: household.id, lastName: child.lastName, firstName: child.firstName, birthDay: child.birthDay, school: schoolNames.get(child.schoolId ?? '') ?? '', className: child.className ?? '',
      guardianLastName: first?.lastName ?? '', guardianFirstName: first?.firstName ?? '', guardianEmail: first?.email ?? '', guardianPhone: first?.phone ?? '', guardianAddress: ownFirst?.address ?? '', guardianPostcode: ownFirst?.postcode ?? '', guardianTown: ownFirst?.town ?? '',
      secondLastName: second?.lastName ?? '', secondFirstName: second?.firstName ?? '', secondEmail: second?.email ?? '', secondPhone: second?.phone ?? '', secondAddress: ownSecond?.address ?? '', secondPostcode: ownSecond?.postcode ?? '', secondTown: ownSecond?.town ?? '',
      address: place?.address ?? '', postcode: place?.postcode ?? '', town: place?.town ?? '', resident: household.resident ? 'Oui' : 'Non',
      quotient: quotient === undefined ? '' : String(quotient.value), quotientMonth: quotient?.month ?? '',
    }
    return columns.map((column) => cells[column])
  }))
  return writeCsv(columns.map((column) => COLUMNS[column]), rows)
}

/** All households as CSV, one line each. */
export function writeHouseholdsCsv(households: readonly HouseholdCard[], { addresses, ownAddresses }: ExportFacts): string {
  return writeCsv(['Foyer', 'Nom', 'Responsables', 'Enfants', 'Adresse', 'Code postal', 'Commune', 'Réside dans la commune', 'Adresses des responsables'], households.map((household) => {
    const place = addresses.get(household.id)
    return [
      household.id, household.name, household.guardians.map(({ firstName, lastName }) => `${firstName} ${lastName}`).join(', '), String(household.children.length),
      place?.address ?? '', place?.postcode ?? '', place?.town ?? '', household.resident ? 'Oui' : 'Non',
      household.guardians.flatMap((guardian) => { const line = addressLine(ownAddresses.get(guardian.id) ?? {}); return line === undefined ? [] : [`${guardian.firstName} ${guardian.lastName} : ${line}`] }).join(' ; '),
    ]
  }))
}
