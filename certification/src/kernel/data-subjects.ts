import type { Ground } from './ground.ts'
import type { GroundTenant } from './ground-tenant.ts'
import { dumpStore, type DumpedTable } from './store-dump.ts'

/** A person in the plugin's tables, as the law's requests name one. */
export interface Subject {
  readonly id: string
  readonly email: string | undefined
  readonly name: string
  /** Where they stand: the declared tables with the column and value that names them. */
  readonly places: readonly { readonly table: string; readonly column: string; readonly value: string }[]
}

/** The residents that declared tables name: the persona that is one, or else whomever its agents wrote down. */
export function subjectsIn(ground: Ground, tenant: GroundTenant, dump: readonly DumpedTable[]): readonly Subject[] {
  const resident = tenant.persona('citizen')
  const own = new Map<string, Subject>()
  for (const { table, subject: column } of ground.manifest.stores) {
    for (const row of dump.find(({ name }) => name === table)?.rows ?? []) {
      const value = row[column]
      if (typeof value !== 'string' || value === '') continue
      const persona = tenant.personas.find(({ id, email }) => value === id || value.toLowerCase() === email)
      const key = persona?.id ?? value
      const known = own.get(key)
      const place = { table, column, value }
      const isEmail = value.includes('@')
      own.set(key, known === undefined
        ? { id: persona?.id ?? (isEmail ? 'nobody' : value), email: persona?.email ?? (isEmail ? value : undefined), name: persona?.name ?? 'Personne', places: [place] }
        : { ...known, places: [...known.places, place] })
    }
  }
  const all = [...own.values()]
  const residents = all.filter(({ id }) => id === resident.id)
  return residents.length > 0 ? residents : all.slice(0, 2)
}

/** Rows of declared tables about a subject. */
export async function rowsAbout(ground: Ground, tenant: GroundTenant, subject: Subject): Promise<readonly { readonly table: string; readonly row: Readonly<Record<string, unknown>> }[]> {
  const dump = await dumpStore(ground, tenant)
  return subject.places.flatMap(({ table, column, value }) => (dump.find(({ name }) => name === table)?.rows ?? []).filter((row) => row[column] === value).map((row) => ({ table, row })))
}
