import type { Rehearsal, RehearsalOptions } from './rehearsal.ts'
import type { Upgraded, UpgradeOptions } from './upgrade.ts'
import { wave, type WaveOptions, type WaveOutcome } from './wave.ts'

/** How a wave over all tenants goes. */
export type AllOptions<Result> = Pick<WaveOptions<Result>, 'concurrency' | 'maxFailures' | 'told' | 'signal' | 'requireOwn'>

/** What a wave works with. */
export interface WaveDeps {
  /** Tenants at which the plugin is on. */
  readonly tenantsWith: (pluginId: string) => Promise<readonly string[]>
  readonly upgrade: (tenantId: string, pluginId: string, options: UpgradeOptions) => Promise<Upgraded>
  readonly rehearse: (tenantId: string, pluginId: string, options: RehearsalOptions) => Promise<Rehearsal>
}

/**
 * Upgrades every tenant at which a plugin is on, a few at a time, and stops at the first failures. Run again, it goes on: who has moved is found
 * unchanged, and what a crash interrupted was finished or undone at the start.
 */
export async function upgradeAll({ tenantsWith, upgrade }: WaveDeps, pluginId: string, how: UpgradeOptions & AllOptions<Upgraded>): Promise<readonly WaveOutcome<Upgraded>[]> {
  return wave({ ...how, tenantIds: await tenantsWith(pluginId), each: (tenantId) => upgrade(tenantId, pluginId, how) })
}

/** Rehearses at every tenant at which a plugin is on. All are gone through: a no-go is an answer, no failure. */
export async function rehearseAll({ tenantsWith, rehearse }: WaveDeps, pluginId: string, how: RehearsalOptions & AllOptions<Rehearsal>): Promise<readonly WaveOutcome<Rehearsal>[]> {
  return wave({ ...how, maxFailures: Number.POSITIVE_INFINITY, tenantIds: await tenantsWith(pluginId), each: (tenantId) => rehearse(tenantId, pluginId, how) })
}
