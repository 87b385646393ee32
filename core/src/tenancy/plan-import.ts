import type { TenantInfo } from '@liberacces/sdk'
import type { Commune, CommuneRegister, Epci } from './communes.ts'
import { departementOf, parseInseeCode } from './insee-code.ts'
import { registerSlugs } from './register-slugs.ts'
import { isSiren } from './siren.ts'
import type { Tenant } from './tenant.ts'
import type { TenantIndex } from './tenant-index.ts'

/** Which communes of the register to take. */
export type ImportScope =
  | { readonly kind: 'all' }
  /** Two characters, three overseas. */
  | { readonly kind: 'departement'; readonly code: string }
  | { readonly kind: 'epci'; readonly siren: string }

/** A tenant to be made, with what it needs to be told apart. */
export interface ImportedTenant {
  readonly info: TenantInfo
  /** SIREN of the EPCI that it stands below; `undefined` for the Pool. */
  readonly epci: string | undefined
}

/** One of the register that cannot be made, and why. */
export interface ImportProblem {
  /** INSEE code or SIREN. */
  readonly code: string
  readonly name: string
  readonly reason: string
}

/** What an import will do. */
export interface ImportPlan {
  /** EPCI before their communes. */
  readonly tenants: readonly ImportedTenant[]
  /** Communes and EPCI of the scope that are tenants already; they stay as they are. */
  readonly existing: readonly Tenant[]
  readonly problems: readonly ImportProblem[]
}

/**
 * Decides which tenants an import makes: the communes of the scope that there are none of, and the EPCI that they belong to. An EPCI
 * that is the Pool itself, or that is there, is not made again. Pure.
 */
export function planImport(register: CommuneRegister, scope: ImportScope, index: TenantIndex): ImportPlan {
  const slugs = registerSlugs(register)
  const epciOf = new Map(register.epcis.flatMap((epci) => epci.members.map((insee) => [insee, epci] as const)))
  const chosen = register.communes.filter(({ insee }) => isWithin(scope, insee, epciOf.get(insee)))
  const groups = new Set(chosen.flatMap(({ insee }) => epciOf.get(insee) ?? []))
  const tenants: ImportedTenant[] = []
  const problems: ImportProblem[] = []
  const taken = { slugs: new Set<string>(), sirens: new Set<string>() }
  const existing: Tenant[] = []

  const add = (what: Commune | Epci, kind: 'commune' | 'epci', choices: readonly string[], epci: string | undefined): void => {
    const { name, siren, population } = what
    const insee = 'insee' in what ? what.insee : undefined
    const code = insee ?? siren ?? ''
    const slug = choices.find((choice) => !taken.slugs.has(choice) && index.bySlug(choice) === undefined)
    const owner = siren === undefined ? undefined : index.bySiren(siren)
    const reason = slug === undefined ? `The slug "${choices.at(-1) ?? ''}" is taken.`
      : owner !== undefined || (siren !== undefined && taken.sirens.has(siren)) ? `The SIREN ${siren ?? ''} belongs to the tenant "${owner?.info.slug ?? 'above'}".`
        : insee !== undefined && parseInseeCode(insee) === undefined ? `"${insee}" is no INSEE code.`
          : siren !== undefined && !isSiren(siren) ? `"${siren}" is no SIREN.` : undefined
    if (slug === undefined || reason !== undefined) {
      problems.push({ code, name, reason: reason ?? '' })
      return
    }
    taken.slugs.add(slug)
    if (siren !== undefined) taken.sirens.add(siren)
    tenants.push({ info: { slug, name, kind, siren, insee, population }, epci })
  }

  for (const epci of groups) {
    const owner = index.bySiren(epci.siren)
    if (owner?.info.kind === 'epci' || owner?.info.kind === 'pool') existing.push(owner)
    else add(epci, 'epci', slugs.epci(epci), undefined)
  }
  const made = new Set(tenants.flatMap(({ info }) => info.siren ?? []))
  for (const commune of chosen) {
    const epci = epciOf.get(commune.insee)?.siren
    const owner = epci === undefined ? undefined : index.bySiren(epci)
    const isThere = epci !== undefined && (made.has(epci) || owner?.info.kind === 'epci')
    const known = index.communeByInsee(commune.insee)
    if (known !== undefined) existing.push(known)
    else add(commune, 'commune', slugs.commune(commune), isThere ? epci : undefined)
  }
  return { tenants, existing, problems }
}

function isWithin(scope: ImportScope, insee: string, epci: Epci | undefined): boolean {
  switch (scope.kind) {
    case 'all': return true
    case 'departement': return departementOf(insee) === scope.code
    case 'epci': return epci?.siren === scope.siren
    default: return scope satisfies never
  }
}
