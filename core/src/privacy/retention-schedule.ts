import type { Schedule } from '../events/schedules.ts'
import type { LoadedRelease } from '../runtime/release.ts'

/** The schedule by which a plugin is asked, each night, to let go of what it has kept long enough. No schedule of a plugin's own can be called so. */
export const RETENTION_SCHEDULE = 'liberacces:retention'

/** Everything of a release that comes by the clock: its own schedules, and the kernel's way of keeping its word about personal data. */
export function schedulesOf({ registrations, plugin, manifest }: LoadedRelease): readonly Schedule[] {
  const lets = plugin.privacy.expire !== undefined && manifest.stores.some(({ retentionDays }) => retentionDays !== null)
  return lets ? [...registrations.schedules, { id: RETENTION_SCHEDULE, cron: '40 3 * * *' }] : registrations.schedules
}
