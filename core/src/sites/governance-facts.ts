import { DEFAULT_THRESHOLD } from '../delegation/thresholds.ts'
import type { GovernanceFacts } from '../pages/admin-governance.tsx'
import type { Tenant } from '../tenancy/tenant.ts'
import type { SiteServices } from './site-services.ts'

/** Who administers a tenant, and what decides about it, as pages show it. */
export async function governanceFacts({ administrators, accounts, thresholds }: SiteServices, { id, info }: Tenant): Promise<GovernanceFacts> {
  const { rule, accountIds } = await administrators.of(id)
  const people = await Promise.all(accountIds.map((each) => accounts.get(id, each)))
  const officialAddress = await administrators.officialAddress(id)
  const threshold = thresholds.current()
  return {
    rule, kind: info.kind,
    people: people.flatMap((account) => (account === undefined ? [] : [{ id: account.id, name: account.name }])).toSorted((a, b) => a.name.localeCompare(b.name, 'fr')),
    ...(officialAddress === undefined ? {} : { officialAddress }),
    ...(info.population === undefined ? {} : { population: info.population }),
    threshold: { population: threshold.population, ...(threshold === DEFAULT_THRESHOLD ? {} : { validFrom: threshold.validFrom }) },
  }
}
