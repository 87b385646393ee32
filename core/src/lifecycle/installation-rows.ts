import type { Kysely } from 'kysely'
import type { Audit, AuditActor } from '../audit/audit.ts'
import type { Outside } from '../outside.ts'
import type { InstallationRow, PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import { requireTransition, type TransitionName } from './installation-state.ts'
import type { Operation, ReleaseName } from './journal.ts'
import { SYSTEM } from './system-actor.ts'

/** What a step writes. */
export interface InstallationStep {
  readonly release: ReleaseName
  /** Why it is not as it should be. @defaultValue nothing is wrong */
  readonly error?: string
  /** What else is to be on record. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>
}

/** At how many tenants a release is on. */
export interface ReleaseCount {
  readonly pluginId: string
  readonly version: string
  readonly tenants: number
}

/** Which plugin is in which state, on the kernel's tables. The only place that writes the table `installation`. */
export interface InstallationRows {
  list(tenantId: string): Promise<readonly InstallationRow[]>
  find(tenantId: string, pluginId: string): Promise<InstallationRow | undefined>
  /** Releases that are on somewhere. */
  counts(): Promise<readonly ReleaseCount[]>
  /** Activations that a platform without a journal was in the middle of, as the journal would have them. */
  activatingWithoutJournal(): Promise<readonly Operation[]>
  /**
   * Takes a step, audited, all in one transaction.
   * @param also - what must be true if and only if the step was taken: the journal's line
   * @throws PlatformError `PLUGIN_STATE` when the step is not legal from where the installation stands
   */
  move(tenantId: string, pluginId: string, name: TransitionName, step: InstallationStep, by: AuditActor, also?: (tx: Kysely<PlatformTables>) => Promise<void>): Promise<InstallationRow>
}

/** See {@link InstallationRows}. */
export function createInstallationRows({ storage, outside, audit }: { readonly storage: Storage; readonly outside: Outside; readonly audit: Audit }): InstallationRows {
  const select = (tx: Kysely<PlatformTables>, tenantId: string, pluginId: string) =>
    tx.selectFrom('installation').selectAll().where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).executeTakeFirst()
  return {
    list: (tenantId) => storage.platform.selectFrom('installation').selectAll().where('tenant_id', '=', tenantId).orderBy('plugin_id').execute(),
    find: (tenantId, pluginId) => select(storage.platform, tenantId, pluginId),
    counts: async () => (await storage.platform.selectFrom('installation').select(['plugin_id', 'version', (one) => one.fn.countAll<number>().as('tenants')])
      .where('state', '=', 'active').groupBy(['plugin_id', 'version']).execute()).map((row) => ({ pluginId: row.plugin_id, version: row.version, tenants: Number(row.tenants) })),
    async activatingWithoutJournal() {
      const all = await storage.platform.selectFrom('installation').selectAll().where('state', '=', 'activating').execute()
      const inJournal = new Set(all.length === 0 ? [] : (await storage.platform.selectFrom('operation').select(['tenant_id', 'plugin_id']).execute()).map((row) => `${row.tenant_id}/${row.plugin_id}`))
      const rows = all.filter((row) => !inJournal.has(`${row.tenant_id}/${row.plugin_id}`))
      return rows.map((row) => ({
        tenantId: row.tenant_id, pluginId: row.plugin_id, kind: 'enable', phase: 'begun', startedAt: row.since, by: SYSTEM, to: { version: row.version, digest: row.digest ?? undefined },
      }))
    },
    move: (tenantId, pluginId, name, { release, error, detail }, by, also) => storage.platformTransaction(async (tx) => {
      const before = await select(tx, tenantId, pluginId)
      const { to, action } = requireTransition(name, pluginId, before?.state ?? 'available')
      const { version, digest } = release
      const values = { version, digest: digest ?? null, state: to as InstallationRow['state'], since: outside.now(), error: error ?? null }
      await tx.insertInto('installation').values({ tenant_id: tenantId, plugin_id: pluginId, ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id']).doUpdateSet(values)).execute()
      await also?.(tx)
      await audit.record({
        tenantId, actor: by, action, target: pluginId, detail: { version, ...detail, ...(error === undefined ? {} : { error }) },
      }, tx)
      return { tenant_id: tenantId, plugin_id: pluginId, ...values }
    }),
  }
}
