import type { Kysely } from 'kysely'
import type { WaveReport } from '../lifecycle/wave-report.ts'
import type { OperationRow, PlatformTables } from '../storage/platform-tables.ts'

/** What one of several processes has under way that the others know of. */
export interface NodeDuties {
  /** Changes of plugins. */
  readonly changes: readonly { readonly tenantId: string; readonly pluginId: string; readonly kind: OperationRow['kind'] }[]
  /** Over all tenants. */
  readonly waves: readonly Pick<WaveReport, 'kind' | 'pluginId' | 'to' | 'through' | 'total'>[]
  /** Scheduled runs. */
  readonly runs: readonly { readonly tenantId: string; readonly pluginId: string; readonly scheduleId: string }[]
}

/**
 * What each has under way.
 * @param only - whose everything is; `undefined` where it is on record
 */
export async function dutiesOfNodes(platform: Kysely<PlatformTables>, only: string | undefined): Promise<ReadonlyMap<string, NodeDuties>> {
  const [operations, waves, runs] = await Promise.all([
    platform.selectFrom('operation').select(['tenant_id', 'plugin_id', 'kind', 'node_id']).orderBy('started_at').execute(),
    platform.selectFrom('wave').select(['run_by', 'report_json']).where('run_by', 'is not', null).orderBy('plugin_id').execute(),
    platform.selectFrom('schedule').select(['tenant_id', 'plugin_id', 'schedule_id', 'run_by']).where('run_by', 'is not', null).execute(),
  ])
  const found = new Map<string, { changes: NodeDuties['changes'][number][]; waves: NodeDuties['waves'][number][]; runs: NodeDuties['runs'][number][] }>()
  const of = (id: string | null): NonNullable<ReturnType<typeof found.get>> => {
    const key = only ?? id ?? ''
    const known = found.get(key) ?? { changes: [], waves: [], runs: [] }
    found.set(key, known)
    return known
  }
  for (const row of operations) of(row.node_id).changes.push({ tenantId: row.tenant_id, pluginId: row.plugin_id, kind: row.kind })
  for (const row of waves) of(row.run_by).waves.push(JSON.parse(row.report_json) as WaveReport)
  for (const row of runs) of(row.run_by).runs.push({ tenantId: row.tenant_id, pluginId: row.plugin_id, scheduleId: row.schedule_id })
  return found
}
