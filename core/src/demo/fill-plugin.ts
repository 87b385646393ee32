import type { DemoContext, Migrations, PluginTypes } from '@liberacces/sdk'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { seededChance } from './demo-chance.ts'
import type { DemoPlatform } from './demo-platform.ts'

/** Longest that one plugin may take to fill one tenant, in milliseconds. */
const LONGEST_FILL_MS = 60_000

/**
 * Fills a plugin's data of one tenant with what the plugin itself finds believable; nothing where it has no such thing.
 * @throws PlatformError `PLUGIN_CALL_FAILED`, `PLUGIN_CALL_TIMEOUT`
 */
export async function fillPlugin(platform: DemoPlatform, tenant: Tenant, release: LoadedRelease): Promise<void> {
  const { demo } = release.plugin
  if (demo === undefined) return
  const { id } = release.manifest
  await platform.runtime.call(release, platform.systemOrigin(tenant.id), { what: 'demo data', limitMs: LONGEST_FILL_MS }, async (c) => {
    // Each call has a context of its own, so the addition is seen by this one alone.
    const context: DemoContext<PluginTypes> = Object.assign(c, { random: seededChance(`${tenant.info.slug} ${id}`) })
    await demo(context as never)
  })
}

/** Empties what an interrupted start left half filled: as after the plugin was switched on, before it was filled. */
export async function emptyPlugin({ storage, files }: DemoPlatform, tenant: Tenant, release: LoadedRelease): Promise<void> {
  const key = { tenantId: tenant.id, pluginId: release.manifest.id }
  await storage.drop(key)
  await files.drop(key)
  await storage.migrate(key, (release.plugin.migrations ?? {}) as Migrations)
}
