import { isDeepStrictEqual } from 'node:util'
import type { Kysely } from 'kysely'
import { v7 } from 'uuid'
import type { Audit, AuditActor, AuditDetail } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { ChangedTenants, Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { PlatformTables, TenantRow } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { Communes } from './communes.ts'
import { checkExtraHost, freezeTenant, placeProblem, planTenant, refuseTakenHost, type NewTenant } from './new-tenant.ts'
import { importCommunes, type ImportOptions, type ImportReport } from './import-communes.ts'
import type { ImportScope } from './plan-import.ts'
import type { Tenant } from './tenant.ts'
import { TenantIndex, type TenantSearch } from './tenant-index.ts'

/** The tree of tenants. Questions are answered from memory; changes are written first, one at a time, and audited. */
export interface Tenants {
  /** @param host - a `Host` header: any case, port and final dot allowed; never throws */
  byHost(host: string): Tenant | undefined
  byId(id: string): Tenant | undefined
  bySlug(slug: string): Tenant | undefined
  /** The root of the tree; `undefined` on an empty platform. */
  pool(): Tenant | undefined
  /** The Pool first, then by name. */
  list(): readonly Tenant[]
  /** In no particular order, and without having to sort tens of thousands. */
  all(): Iterable<Tenant>
  readonly size: number
  /** Those that fit, the Pool first, then by name. */
  search(search: TenantSearch): readonly Tenant[]
  childrenOf(id: string): readonly Tenant[]
  /** From the parent up to the Pool. */
  ancestorsOf(id: string): readonly Tenant[]
  /**
   * Makes a tenant. What is left out comes from the register of communes where it can.
   * @throws PlatformError `TENANT_INVALID`, `TENANT_EXISTS`, `TENANT_UNKNOWN` (the parent)
   */
  create(wish: NewTenant, by: AuditActor): Promise<Tenant>
  /** Makes tenants of many communes and of their EPCI. See {@link importCommunes}. */
  importCommunes(scope: ImportScope, by: AuditActor, options?: ImportOptions): Promise<ImportReport>
  /**
   * What a tenant would be that comes from elsewhere with its id, or why it cannot come.
   * @throws PlatformError as {@link create}, and `TENANT_EXISTS` for the id
   */
  planAdoption(wish: NewTenant, id: string): Promise<Tenant>
  /**
   * Takes in a tenant that comes from elsewhere with its id. It is at no address before `complete` has resolved; when that rejects,
   * the tenant is deleted again.
   * @throws PlatformError as {@link planAdoption}
   */
  adopt(wish: NewTenant, id: string, steps: AdoptionSteps, by: AuditActor): Promise<Tenant>
  /** Gives another name; the slug stays. @throws PlatformError `TENANT_UNKNOWN`, `TENANT_INVALID` */
  rename(slug: string, name: string, by: AuditActor): Promise<Tenant>
  /**
   * Puts a tenant, with all below it, under another. Plugins that it may not use there are switched off at once, and their data is kept.
   * @throws PlatformError `TENANT_UNKNOWN`, `TENANT_INVALID` for the Pool or a circle, `SHARE_NEEDED` while its plugins need what the tenant above shares,
   * `PLUGIN_NEEDED` where something that stays on needs what would be switched off; nothing is changed then
   */
  move(slug: string, parent: string, by: AuditActor): Promise<Tenant>
  /** Lets a tenant answer at a further host. @throws PlatformError `TENANT_UNKNOWN`, `TENANT_INVALID`, `TENANT_EXISTS` */
  addHost(slug: string, host: string, by: AuditActor): Promise<Tenant>
  /** Takes a further host away; one that the tenant does not have is no error. @throws PlatformError `TENANT_UNKNOWN` */
  removeHost(slug: string, host: string, by: AuditActor): Promise<Tenant>
  /**
   * Deletes a tenant with its accounts, roles and settings, after `dropData`. Its audit trail stays.
   * @throws PlatformError `TENANT_UNKNOWN`, `TENANT_NOT_EMPTY` while others stand below it
   */
  delete(slug: string, by: AuditActor): Promise<void>
  /** The tree in memory. */
  readonly held: Reloadable
}

/** What belongs to a tenant that comes from elsewhere. */
export interface AdoptionSteps {
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  /** Writes its rows, in the transaction that makes the tenant. */
  readonly write: (tx: Kysely<PlatformTables>, tenant: Tenant) => Promise<void>
  /** Called once that has committed. */
  readonly complete: (tenant: Tenant) => Promise<void>
}

/** What the tree of tenants is made from. */
export interface TenantsOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly communes: Communes
  /** Lower case. */
  readonly baseDomain: string
  /** Deletes what the tenant's plugins stored, before the tenant itself goes. When it rejects, the tenant stays. */
  readonly dropData?: (tenant: Tenant) => Promise<void>
  /**
   * Around a tenant's move below another: what may refuse it, and what follows from it.
   * @defaultValue only the change
   */
  readonly moving?: (tenant: Tenant, parent: Tenant, by: AuditActor, change: () => Promise<Tenant>) => Promise<Tenant>
}

/** Reads all tenants into memory. */
export async function createTenants({ storage, outside, audit, communes, baseDomain, dropData, moving = (_tenant, _parent, _by, change) => change() }: TenantsOptions): Promise<Tenants> {
  const index = new TenantIndex(baseDomain)
  let last: Promise<unknown> = Promise.resolve()
  await load(undefined)

  /** Changes wait for each other, so that what was checked in memory still holds when it is written. */
  const exclusively = <Result>(change: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(change, change)
    last = mine.catch(() => undefined)
    return mine
  }

  const find = (slug: string): Tenant => {
    const tenant = index.bySlug(slug)
    if (tenant === undefined) throw new PlatformError('TENANT_UNKNOWN', `There is no tenant "${slug}".`, { fix: 'See `liberacces tenant list` for the slugs.' })
    return tenant
  }

  /** Writes a change with its line in the audit trail, then shows it. */
  const change = async (before: Tenant, after: Tenant, action: string, detail: AuditDetail, by: AuditActor, write: (tx: Kysely<PlatformTables>) => Promise<unknown>): Promise<Tenant> => {
    await storage.platformTransaction(async (tx) => {
      await write(tx)
      await audit.record({ tenantId: before.id, actor: by, action, target: before.id, detail }, tx)
    })
    index.put(after)
    return after
  }

  return {
    byHost: (host) => index.byHost(host),
    byId: (id) => index.byId(id),
    bySlug: (slug) => index.bySlug(slug),
    pool: () => index.pool,
    list: () => index.sorted,
    all: () => index.all(),
    get size() { return index.size },
    search: (search) => index.search(search),
    childrenOf: (id) => index.childrenOf(id),
    ancestorsOf: (id) => index.ancestorsOf(id),

    create: (wish, by) => exclusively(async () => {
      const tenant = await planTenant(wish, v7({ msecs: outside.now(), random: outside.randomBytes(16) }), index, communes)
      await storage.platformTransaction(async (tx) => {
        await insert(tx, tenant, outside.now())
        await recordTwice(tx, tenant, 'tenant.created', by)
      })
      index.put(tenant)
      return tenant
    }),

    importCommunes: (scope, by, options) => importCommunes({ storage, outside, audit, communes, index, exclusively }, scope, by, options),
    planAdoption,
    async adopt(wish, id, { createdAt, write, complete }, by) {
      const tenant = await exclusively(async () => {
        const planned = await planAdoption(wish, id)
        await storage.platformTransaction(async (tx) => {
          await insert(tx, planned, createdAt)
          await write(tx, planned)
          await recordTwice(tx, planned, 'tenant.imported', by)
        })
        index.hide(id)
        index.put(planned)
        return planned
      })
      try {
        await complete(tenant)
      } catch (error) {
        await remove(tenant.info.slug, by)
        index.show(id)
        throw error
      }
      index.show(id)
      return tenant
    },

    rename: (slug, text, by) => exclusively(async () => {
      const tenant = find(slug)
      const name = text.trim()
      if (name === '' || name.length > 200) {
        throw new PlatformError('TENANT_INVALID', `Tenant "${slug}" cannot be called that.`, { fix: 'Give a name of 1 to 200 characters.', fields: { name: 'A name has 1 to 200 characters.' } })
      }
      const after = freezeTenant(tenant.id, tenant.parentId, tenant.hosts, { ...tenant.info, name })
      return change(tenant, after, 'tenant.renamed', { from: tenant.info.name, to: name }, by, (tx) => tx.updateTable('tenant').set({ name }).where('id', '=', tenant.id).execute())
    }),

    move: (slug, parentSlug, by) => exclusively(async () => {
      const tenant = find(slug)
      const parent = find(parentSlug)
      const problem = tenant.info.kind === 'pool'
        ? 'The Pool is the root.'
        : parent === tenant || index.ancestorsOf(parent.id).includes(tenant) ? `"${parentSlug}" stands below "${slug}" itself.` : placeProblem(tenant.info.kind, parent)
      if (problem !== undefined) throw new PlatformError('TENANT_INVALID', `Tenant "${slug}" cannot stand below "${parentSlug}": ${problem}`, { fix: 'Choose another parent.', fields: { parent: problem } })
      const after = freezeTenant(tenant.id, parent.id, tenant.hosts, tenant.info)
      return moving(tenant, parent, by, () => change(tenant, after, 'tenant.moved', { parent: parentSlug }, by, (tx) => tx.updateTable('tenant').set({ parent_id: parent.id }).where('id', '=', tenant.id).execute()))
    }),

    addHost: (slug, text, by) => exclusively(async () => {
      const tenant = find(slug)
      const fields: Record<string, string> = {}
      const host = checkExtraHost(text, index, fields)
      if (host === undefined) throw new PlatformError('TENANT_INVALID', `Tenant "${slug}" cannot answer there: ${fields['hosts']}`, { fix: 'Give a full host name of your own domain.', fields })
      if (tenant.hosts.includes(host)) return tenant
      refuseTakenHost(host, index)
      const after = freezeTenant(tenant.id, tenant.parentId, [...tenant.hosts, host], tenant.info)
      return change(tenant, after, 'tenant.host-added', { host }, by, (tx) => tx.insertInto('host').values({ host, tenant_id: tenant.id }).execute())
    }),

    removeHost: (slug, text, by) => exclusively(async () => {
      const tenant = find(slug)
      const host = checkExtraHost(text, index, {})
      if (host === undefined || !tenant.hosts.includes(host)) return tenant
      const after = freezeTenant(tenant.id, tenant.parentId, tenant.hosts.filter((other) => other !== host), tenant.info)
      return change(tenant, after, 'tenant.host-removed', { host }, by, (tx) => tx.deleteFrom('host').where('host', '=', host).execute())
    }),

    delete: remove,
    held: { tables: ['tenant', 'host'], reload: load },
  }

  function remove(slug: string, by: AuditActor): Promise<void> {
    return exclusively(async () => {
      const tenant = find(slug)
      const children = index.childrenOf(tenant.id)
      if (children.length > 0) {
        const names = children.slice(0, 3).map(({ info }) => `"${info.slug}"`).join(', ')
        throw new PlatformError('TENANT_NOT_EMPTY', `Tenant "${slug}" has ${children.length} below it: ${names}${children.length > 3 ? '…' : ''}.`, { fix: 'Delete or move those first.' })
      }
      await dropData?.(tenant)
      await storage.platformTransaction(async (tx) => {
        await tx.deleteFrom('tenant').where('id', '=', tenant.id).execute()
        await recordTwice(tx, tenant, 'tenant.deleted', by)
      })
      index.remove(tenant.id)
    })
  }

  async function planAdoption(wish: NewTenant, id: string): Promise<Tenant> {
    const known = index.byId(id)
    if (known !== undefined) throw new PlatformError('TENANT_EXISTS', `The tenant with the id ${id} is here already: "${known.info.slug}".`, { fix: 'A tenant is in one place of a platform only. Delete it here first if the other is to take its place.' })
    return planTenant(wish, id, index, communes)
  }

  async function insert(tx: Kysely<PlatformTables>, { id, parentId, hosts, info }: Tenant, createdAt: number): Promise<void> {
    await tx.insertInto('tenant').values({
      id, slug: info.slug, name: info.name, kind: info.kind, parent_id: parentId ?? null,
      siren: info.siren ?? null, insee: info.insee ?? null, population: info.population ?? null, created_at: createdAt,
    }).execute()
    for (const host of hosts.slice(1)) await tx.insertInto('host').values({ host, tenant_id: id }).execute()
  }

  /** In its own trail, and in the one of the tenant above, which can still be read when it is gone. */
  async function recordTwice(tx: Kysely<PlatformTables>, tenant: Tenant, action: string, by: AuditActor): Promise<void> {
    const { slug, name, kind } = tenant.info
    for (const tenantId of tenant.parentId === undefined ? [tenant.id] : [tenant.id, tenant.parentId]) {
      await audit.record({ tenantId, actor: by, action, target: tenant.id, detail: { slug, name, kind } }, tx)
    }
  }

  async function load(changed: ChangedTenants): Promise<void> {
    const extraHosts = new Map<string, string[]>()
    const hostsOf = storage.platform.selectFrom('host').selectAll().orderBy('host')
    for (const { host, tenant_id: id } of await (changed === undefined ? hostsOf : hostsOf.where('tenant_id', 'in', [...changed])).execute()) {
      extraHosts.set(id, [...(extraHosts.get(id) ?? []), host])
    }
    // One text for each id, however many stand below the same parent.
    const ids = new Map<string, string>()
    const gone = new Set(changed ?? Array.from(index.all(), ({ id }) => id))
    for await (const rows of portionsOf(storage.platform, changed)) for (const row of rows) {
      ids.set(row.id, row.id)
      gone.delete(row.id)
      const hosts = [index.ownHost(row.slug), ...(extraHosts.get(row.id) ?? [])]
      const parentId = row.parent_id === null ? undefined : (ids.get(row.parent_id) ?? index.byId(row.parent_id)?.id ?? row.parent_id)
      const tenant = freezeTenant(row.id, parentId, hosts, {
        slug: row.slug, name: row.name, kind: row.kind, siren: row.siren ?? undefined, insee: row.insee ?? undefined, population: row.population ?? undefined,
      })
      // One that is as it was stays the same object: what was made for it is still right.
      if (!isSame(index.byId(row.id), tenant)) index.put(tenant)
    }
    for (const id of gone) index.remove(id)
  }
}

/** Rows read at a time: all at once would leave the heap larger than it need be. */
const ROWS = 2_000

async function* portionsOf(platform: Kysely<PlatformTables>, changed: ChangedTenants): AsyncGenerator<readonly TenantRow[], void, undefined> {
  let after = ''
  const all = platform.selectFrom('tenant').selectAll().orderBy('id').limit(ROWS)
  const wanted = changed === undefined ? all : all.where('id', 'in', [...changed])
  for (;;) {
    const rows = await wanted.where('id', '>', after).execute()
    yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < ROWS) return
    after = last.id
  }
}

function isSame(before: Tenant | undefined, after: Tenant): boolean {
  return before !== undefined && before.parentId === after.parentId && before.hosts.join(' ') === after.hosts.join(' ') && isDeepStrictEqual(before.info, after.info)
}
