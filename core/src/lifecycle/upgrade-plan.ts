import type { Manifest } from '@liberacces/sdk/host'
import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { InstallationRow } from '../storage/platform-tables.ts'
import { situationAt, type LifecycleParts } from './lifecycle-parts.ts'
import { planUpgrade, type PlannedMove } from './planned.ts'

/** The release that an upgrade would lead to; `undefined` when what runs is the newest. */
export function planned(parts: LifecycleParts, tenantId: string, pluginId: string, range: string, row: InstallationRow): PlannedMove | undefined {
  return planUpgrade(situationAt(parts, tenantId), pluginId, range, row.version)
}

/** @throws PlatformError `PLUGIN_STATE` unless it is on */
export async function requireRunning({ rows }: LifecycleParts, tenantId: string, pluginId: string): Promise<InstallationRow> {
  const row = await rows.find(tenantId, pluginId)
  if (row?.state === 'active') return row
  throw new PlatformError('PLUGIN_STATE', `Plugin "${pluginId}" is ${row?.state ?? 'not switched on'} here.`, {
    fix: row?.state === 'upgrading' || row?.state === 'rolling-back' ? 'A change of it was interrupted: the next start finishes or undoes it.' : 'Switch it on first; that takes a range of versions too.',
  })
}

/** Scopes of a release about which the tenant has not decided. */
export async function missingScopes({ consents }: LifecycleParts, tenantId: string, target: Manifest): Promise<readonly string[]> {
  const { required, optional } = await consents.missing(tenantId, target)
  return [...required, ...optional]
}

/** @throws PlatformError `PLUGIN_CONSENT_NEEDED`; what waits is then on record */
export async function requireConsent({ consents }: LifecycleParts, tenantId: string, target: Manifest, by: AuditActor): Promise<void> {
  const missing = await consents.missing(tenantId, target)
  if (missing.required.length + missing.optional.length > 0) throw await consents.wait(tenantId, target, missing, by)
}
