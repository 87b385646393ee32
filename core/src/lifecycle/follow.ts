import type { ChangedTenants } from '../nodes/reloadable.ts'
import { keyOf, type ForeignGates } from './foreign-gates.ts'
import type { Operation } from './journal.ts'
import type { LifecycleParts } from './lifecycle-parts.ts'
import type { Modules } from './modules.ts'
import { startable, type Installed } from './start.ts'

/** Operations that move something that callers may be inside of. */
const MOVES: ReadonlySet<Operation['kind']> = new Set(['upgrade', 'rollback', 'disable'])

/** How one follows. */
export interface FollowOptions {
  readonly gates: ForeignGates
  /** Whether this process is at an operation itself: then it shuts its gate by itself. */
  readonly isOwn: (operation: Operation) => boolean
  /** Whether this process is changing a tenant itself: it brings memory up to date by itself then. */
  readonly isHeld: (tenantId: string) => boolean
}

/**
 * Brings memory up to what the tables say runs at some tenants: what other nodes switched on, off, or moved. First the gates of what
 * others are about to move, then what runs, and last the gates of what they have moved: nobody comes in and finds what ran before.
 */
export async function follow(parts: LifecycleParts, { gates, isOwn, isHeld }: FollowOptions, changed: ChangedTenants): Promise<void> {
  const { journal, peers, active, catalogue } = parts
  const operations = (await journal.open()).filter(({ tenantId }) => changed?.has(tenantId) ?? true)
  const foreign = operations.filter((operation) => MOVES.has(operation.kind) && operation.node !== undefined && !isOwn(operation))
  const moved = foreign.filter(({ kind }) => kind !== 'disable')
  for (const operation of moved) gates.shut(operation)

  const before = new Set(catalogue.releases)
  const underWay = new Set(operations.filter(({ node }) => node !== undefined).map(keyOf))
  const seen = new Set<string>()
  for (const { own, tenantIds } of await installed(parts, changed)) {
    for (const tenantId of tenantIds) {
      seen.add(tenantId)
      const running = active.modules(tenantId)
      // Behind its gate stays what was there: whoever comes by meanwhile must find something to wait for.
      const kept = own.filter((row) => row.state === 'active' || (running.byId.has(row.plugin_id) && underWay.has(keyOf({ tenantId, pluginId: row.plugin_id }))))
      if (isHeld(tenantId) || runsAlready(running, kept)) continue
      active.set(tenantId, await startable(parts, tenantId, kept.map((row) => ({ ...row, tenant_id: tenantId })), { bringsAlong: false }))
    }
  }
  for (const tenantId of changed ?? active.tenants()) if (!seen.has(tenantId) && !isHeld(tenantId) && active.modules(tenantId).releases.length > 0) active.set(tenantId, [])

  for (const operation of foreign) if (operation.kind === 'disable') gates.shut(operation)
  // Not where this process finishes what another one left: what runs there is brought up to date when that is done.
  gates.open((tenantId) => (changed?.has(tenantId) ?? true) && !isHeld(tenantId), new Set(foreign.map(keyOf)))
  if (peers.own !== undefined) for (const release of before) void active.letGo(release)
}

type Followed = Omit<Installed, 'tenant_id'> & { readonly state: string }

/** What is to run, of tenants that have the same: for each of tens of thousands by itself it would take long. */
async function installed({ storage }: LifecycleParts, changed: ChangedTenants): Promise<readonly { readonly own: readonly Followed[]; readonly tenantIds: readonly string[] }[]> {
  const query = storage.platform.selectFrom('installation').select(['tenant_id', 'plugin_id', 'version', 'digest', 'state']).where('state', 'in', ['active', 'upgrading', 'rolling-back']).orderBy('tenant_id').orderBy('plugin_id')
  const rows = await (changed === undefined ? query : query.where('tenant_id', 'in', [...changed])).execute()
  const groups = new Map<string, { readonly own: readonly Followed[]; readonly tenantIds: string[] }>()
  for (const [tenantId, own] of Map.groupBy(rows, (row) => row.tenant_id)) {
    const signature = own.map((row) => `${row.plugin_id} ${row.version} ${row.digest ?? ''} ${row.state}`).join('\n')
    const group = groups.get(signature)
    if (group === undefined) groups.set(signature, { own, tenantIds: [tenantId] })
    else group.tenantIds.push(tenantId)
  }
  return [...groups.values()]
}

function runsAlready({ byId, releases }: Modules, rows: readonly Followed[]): boolean {
  return releases.length === rows.length && rows.every((row) => byId.get(row.plugin_id)?.manifest.version === row.version)
}
