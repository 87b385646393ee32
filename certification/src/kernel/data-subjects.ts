import type { Endpoint } from '@liberacces/sdk/host'
import type { Ground } from './ground.ts'
import type { GroundTenant } from './ground-tenant.ts'
import type { Lab } from './lab.ts'
import { settleIn } from './settle-in.ts'
import { dumpStore, type DumpedTable } from './store-dump.ts'
import { goAs } from './walk.ts'

/** A person in the plugin's tables, as the law's requests name one. */
export interface Subject {
  readonly id: string
  readonly email: string | undefined
  readonly name: string
  /** Where they stand: the declared tables with the column and value that names them. */
  readonly places: readonly { readonly table: string; readonly column: string; readonly value: string }[]
}

/**
 * The residents that a filled tenant's tables name. Where its own surfaces bring in none, those who come in anew and with whom nothing is done afterwards: what is over may have forgotten its
 * people already. Where those bring in none either, those of the demonstration; and where that names nobody, a resident who goes through what is there.
 */
export async function findSubjects(lab: Lab): Promise<readonly Subject[]> {
  const { ground, tenant, traveller } = lab
  const now = async (): Promise<readonly Subject[]> => subjectsIn(ground, tenant, await dumpStore(ground, tenant))
  const found = await now()
  if (found.length > 0) return found
  for (const endpoint of traveller.endpoints) if (brings(endpoint)) for (const variant of WITH_ALL) if ((await traveller.visit(endpoint, { variant })).status < 400) break
  const anew = await now()
  if (anew.length > 0 || filled.has(lab)) return anew
  // Once: a demonstration is made for a commune that has none of it.
  filled.add(lab)
  if (!await ground.fill(tenant)) return anew
  const shown = await now()
  if (shown.length > 0) return shown
  await settleIn(traveller, lab.signal)
  await traveller.readIds()
  await goAs(traveller, tenant.persona('citizen'), new Map(), lab.signal)
  await ground.settle()
  return now()
}

/** Labs that were given the demonstration. */
const filled = new WeakSet<Lab>()

/** Variants of an input with all that is optional: with days to come, then with days that were. */
const WITH_ALL = [8, 10] as const

/** Whether an endpoint makes something new of what is typed. */
function brings(endpoint: Endpoint): boolean {
  return !endpoint.path.includes(':') && (endpoint.kind === 'form' || (endpoint.kind === 'route' && endpoint.method !== 'GET' && endpoint.method !== 'DELETE'))
}

/**
 * The residents that declared tables name: the persona that is one, or else whomever its agents wrote down. Who is named by nothing that a request
 * of the law could say (an account, an e-mail address, or a row that has one) is none.
 */
function subjectsIn(ground: Ground, tenant: GroundTenant, dump: readonly DumpedTable[]): readonly Subject[] {
  const resident = tenant.persona('citizen')
  const found = new Map<string, Subject>()
  for (const { table, subject: column } of ground.manifest.stores) {
    for (const row of dump.find(({ name }) => name === table)?.rows ?? []) {
      const value = row[column]
      if (typeof value !== 'string' || value === '') continue
      const persona = tenant.personas.find(({ id, email }) => value === id || value.toLowerCase() === email)
      const email = persona?.email ?? (value.includes('@') ? value : emailOf(ground, dump, value))
      if (persona === undefined && email === undefined) continue
      const known = found.get(persona?.id ?? email ?? '')
      const place = { table, column, value }
      found.set(persona?.id ?? email ?? '', known === undefined ? { id: persona?.id ?? 'nobody', email, name: persona?.name ?? 'Personne', places: [place] } : { ...known, places: [...known.places, place] })
    }
  }
  const all = [...found.values()]
  const residents = all.filter(({ id }) => id === resident.id)
  return residents.length > 0 ? residents : all.slice(0, 2)
}

/** The address of somebody who is known by the id of a row of the plugin's own. */
function emailOf({ manifest }: Ground, dump: readonly DumpedTable[], id: string): string | undefined {
  const declared = new Set(manifest.stores.map(({ table }) => table))
  const row = dump.filter(({ name }) => declared.has(name)).flatMap(({ rows }) => rows).find((one) => one['id'] === id)
  return Object.values(row ?? {}).find((value): value is string => typeof value === 'string' && /^[^@\s]+@[^@\s]+$/.test(value))
}

/** Rows of declared tables about a subject. */
export async function rowsAbout(ground: Ground, tenant: GroundTenant, subject: Subject): Promise<readonly { readonly table: string; readonly row: Readonly<Record<string, unknown>> }[]> {
  const dump = await dumpStore(ground, tenant)
  return subject.places.flatMap(({ table, column, value }) => (dump.find(({ name }) => name === table)?.rows ?? []).filter((row) => row[column] === value).map((row) => ({ table, row })))
}
