import type { LoadedRelease } from '../runtime/release.ts'
import type { StoreData } from '../storage/storage.ts'
import type { LifecycleParts } from './lifecycle-parts.ts'

/**
 * Has a release look over the data that it is about to run on, where it has a check.
 * @throws PlatformError `PLUGIN_CALL_FAILED`, `PLUGIN_CALL_TIMEOUT`
 */
export async function checkAll({ ports }: Pick<LifecycleParts, 'ports'>, tenantId: string, release: LoadedRelease, from: StoreData): Promise<void> {
  if (release.plugin.check !== undefined) await ports.check?.(tenantId, release, from)
}
