import type { Communes } from '../tenancy/communes.ts'
import type { NewTenant } from '../tenancy/new-tenant.ts'

/** A body that belongs to a commune. */
export interface DemoSatellite {
  readonly name: string
  readonly slug: string
  readonly siren: string
  /** INSEE code of the commune it stands below. */
  readonly commune: string
}

/** Which real communes a demonstration is about. */
export interface DemoArea {
  /** SIREN of the EPCI that is the Pool. */
  readonly epci: string
  /** INSEE codes; all members of the EPCI when left out. */
  readonly communes?: readonly string[]
  readonly satellites: readonly DemoSatellite[]
}

/** The communauté d'agglomération de La Rochelle, its 28 communes, and the CCAS of La Rochelle. */
export const LA_ROCHELLE: DemoArea = {
  epci: '241700434',
  // The SIREN is made up: its checksum is right, no such body exists.
  satellites: [{ name: 'CCAS de La Rochelle', slug: 'ccas-la-rochelle', siren: '261799993', commune: '17300' }],
}

/** A tenant of the demonstration, and below which commune it stands. */
export interface PlannedTenant {
  readonly wish: NewTenant
  /** INSEE code of the commune above, for satellites. */
  readonly below: string | undefined
}

/** Everything that is to be made, parents first: the Pool, its communes as the EPCI lists them, then the satellites. */
export async function planDemoTenants({ epci, communes: only, satellites }: DemoArea, communes: Communes): Promise<readonly PlannedTenant[]> {
  const group = await communes.findEpci(epci)
  if (group === undefined) throw new Error(`The register knows no EPCI ${epci}.`)
  const members = only ?? group.members
  return [
    { wish: { kind: 'pool', siren: group.siren, name: group.name }, below: undefined },
    ...members.map((insee) => ({ wish: { kind: 'commune' as const, insee }, below: undefined })),
    ...satellites.filter(({ commune }) => members.includes(commune))
      .map(({ name, slug, siren, commune }) => ({ wish: { kind: 'satellite' as const, name, slug, siren }, below: commune })),
  ]
}
