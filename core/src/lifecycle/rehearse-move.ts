import type { LoadedRelease } from '../runtime/release.ts'
import { checkAll } from './check-release.ts'
import { onCopy } from './copies.ts'
import type { LifecycleParts } from './lifecycle-parts.ts'
import { migrationsOf } from './migrations-of.ts'

/**
 * Runs what moving to a release would do to a tenant's data, on a copy: its migrations and its own check. The data itself is not touched.
 * Where neither has anything to do nothing is copied.
 * @returns names of the migrations that would run
 * @throws PlatformError `DISK_SPACE_LOW`, `MIGRATION_FAILED`, `PLUGIN_CALL_FAILED`, `PLUGIN_CALL_TIMEOUT`
 */
export async function rehearseMove(parts: LifecycleParts, tenantId: string, release: LoadedRelease): Promise<readonly string[]> {
  const key = { tenantId, pluginId: release.manifest.id }
  const migrations = migrationsOf(release)
  const exists = (await parts.storage.storesOf(tenantId)).some(({ pluginId }) => pluginId === key.pluginId)
  // What has no data yet is made for the release that runs by then; its migrations are tried once for all.
  if (!exists && release.plugin.check === undefined) return []
  const had = await parts.storage.platform.selectFrom('migration').select('name').where('tenant_id', '=', tenantId).where('plugin_id', '=', key.pluginId).execute()
  const isNew = Object.keys(migrations).some((name) => !had.some((row) => row.name === name))
  if (!isNew && release.plugin.check === undefined) return []
  return onCopy(parts, key, async (copy) => {
    const { applied } = await copy.migrate(migrations)
    await parts.outside.reached?.('rehearsal:migrated')
    await checkAll(parts, tenantId, release, copy)
    return applied
  })
}
