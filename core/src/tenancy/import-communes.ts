import { setImmediate as breathe } from 'node:timers/promises'
import { sql, type Kysely } from 'kysely'
import { v7 } from 'uuid'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { Communes } from './communes.ts'
import { freezeTenant } from './new-tenant.ts'
import { planImport, type ImportedTenant, type ImportProblem, type ImportScope } from './plan-import.ts'
import type { Tenant } from './tenant.ts'
import type { TenantIndex } from './tenant-index.ts'

/** Tenants of one transaction: some 20 ms in which nothing else runs. */
const BATCH = 500

/** How an import went. */
export interface ImportReport {
  /** Tenants that were made, as they are now. */
  readonly made: readonly Tenant[]
  /** Communes and EPCI of the scope that were tenants before, and stayed as they were. */
  readonly existing: readonly Tenant[]
  readonly problems: readonly ImportProblem[]
}

/** What an import is told besides its scope. */
export interface ImportOptions {
  /** Called before the first batch and after each. */
  readonly progress?: (done: number, total: number) => void
}

interface Deps {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly communes: Communes
  readonly index: TenantIndex
  /** Changes of tenants wait for each other. */
  readonly exclusively: <Result>(change: () => Promise<Result>) => Promise<Result>
}

/**
 * Makes tenants of the communes of a scope and of their EPCI, in large transactions. Each tenant's audit trail begins with its making,
 * the Pool's says how many were made. What a stop leaves undone, the same import does when it is run again.
 * @throws PlatformError `TENANT_INVALID` when there is no Pool, or the scope names nothing
 */
export async function importCommunes({ storage, outside, audit, communes, index, exclusively }: Deps, scope: ImportScope, by: AuditActor, { progress }: ImportOptions = {}): Promise<ImportReport> {
  const { pool } = index
  if (pool === undefined) throw new PlatformError('TENANT_INVALID', 'There is no Pool yet, and every other tenant stands below it.', { fix: 'Make the tenant of kind "pool" first.', fields: { parent: 'There is no Pool yet.' } })
  const { tenants: planned, existing, problems } = planImport(await communes.all(), scope, index)
  if (planned.length === 0 && existing.length === 0 && problems.length === 0) {
    throw new PlatformError('TENANT_INVALID', `The register knows no commune of ${describe(scope)}.`, { fix: 'Name a département such as 17, or the SIREN of an EPCI with taxes of its own.' })
  }
  const made: Tenant[] = []
  const late: ImportProblem[] = []
  progress?.(0, planned.length)
  for (let first = 0; first < planned.length; first += BATCH) {
    await exclusively(async () => {
      const { batch, taken } = resolve(planned.slice(first, first + BATCH), index, pool, outside)
      await storage.platformTransaction((tx) => insert(tx, batch, { audit, by, now: outside.now(), poolId: pool.id, scope }))
      for (const tenant of batch) index.put(tenant)
      made.push(...batch)
      late.push(...taken)
    })
    await outside.reached?.('import:batch')
    progress?.(Math.min(first + BATCH, planned.length), planned.length)
    await breathe()
  }
  return { made, existing, problems: [...problems, ...late] }
}

/** Gives ids and parents, and leaves out what somebody else has made since it was planned. */
function resolve(planned: readonly ImportedTenant[], index: TenantIndex, pool: Tenant, outside: Outside): { readonly batch: readonly Tenant[]; readonly taken: readonly ImportProblem[] } {
  const idOf = new Map<string, string>()
  const batch: Tenant[] = []
  const taken: ImportProblem[] = []
  for (const { info, epci } of planned) {
    const isTaken = index.bySlug(info.slug) !== undefined || (info.siren !== undefined && index.bySiren(info.siren) !== undefined)
      || (info.insee !== undefined && index.communeByInsee(info.insee) !== undefined)
    const parentId = epci === undefined ? pool.id : (idOf.get(epci) ?? index.bySiren(epci)?.id)
    if (isTaken || parentId === undefined) {
      taken.push({ code: info.insee ?? info.siren ?? '', name: info.name, reason: 'Somebody has changed tenants meanwhile; run the import again.' })
      continue
    }
    const id = v7({ msecs: outside.now(), random: outside.randomBytes(16) })
    if (info.kind === 'epci' && info.siren !== undefined) idOf.set(info.siren, id)
    batch.push(freezeTenant(id, parentId, [index.ownHost(info.slug)], info))
  }
  return { batch, taken }
}

interface Making { readonly audit: Audit; readonly by: AuditActor; readonly now: number; readonly poolId: string; readonly scope: ImportScope }

/** One statement a table, whose rows come as JSON: a text for each number of rows would have to be compiled each time. */
async function insert(tx: Kysely<PlatformTables>, batch: readonly Tenant[], { audit, by, now, poolId, scope }: Making): Promise<void> {
  if (batch.length === 0) return
  const rows = JSON.stringify(batch.map(({ id, parentId, info }) => [id, info.slug, info.name, info.kind, parentId, info.siren ?? null, info.insee ?? null, info.population ?? null]))
  await sql`insert into tenant (id, slug, name, kind, parent_id, siren, insee, population, created_at)
    select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, cast(value ->> 7 as integer), ${now} from json_each(${rows})`.execute(tx)
  await audit.recordMany(by, [
    ...batch.map(({ id, info: { slug, name, kind } }) => ({ tenantId: id, action: 'tenant.created', target: id, detail: { slug, name, kind } })),
    { tenantId: poolId, action: 'tenant.imported', target: poolId, detail: { tenants: batch.length, scope: describe(scope) } },
  ], tx)
}

function describe(scope: ImportScope): string {
  switch (scope.kind) {
    case 'all': return 'France'
    case 'departement': return `département ${scope.code}`
    case 'epci': return `EPCI ${scope.siren}`
    default: return scope satisfies never
  }
}
