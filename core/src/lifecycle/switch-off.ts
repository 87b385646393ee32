import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { InstallationRow } from '../storage/platform-tables.ts'
import type { Operation } from './journal.ts'
import { aboutKey, sharedWith, type LifecycleParts } from './lifecycle-parts.ts'

/**
 * Switches a plugin off and keeps its data. Nobody comes in any more; calls under way finish.
 * @throws PlatformError `PLUGIN_NEEDED` while others need it, `PLUGIN_UNKNOWN` when it was never on
 */
export async function switchOff(parts: LifecycleParts, tenantId: string, pluginId: string, by: AuditActor): Promise<InstallationRow> {
  const { rows, journal, active, gates, ports, peers, outside, log, drainMs } = parts
  const row = await rows.find(tenantId, pluginId)
  if (row === undefined) throw new PlatformError('PLUGIN_UNKNOWN', `Plugin "${pluginId}" was never switched on here.`, { fix: 'See `liberacces plugin list` for the ids.' })
  const release = active.modules(tenantId).byId.get(pluginId)
  if (release !== undefined) refuseNeeded(parts, tenantId, release)
  if (row.state === 'inactive' || row.state === 'archived' || row.state === 'purged') {
    // Once more: it may have failed after the state was written.
    await ports.deactivated(tenantId, pluginId)
    return row
  }
  const name = { version: row.version, digest: row.digest ?? undefined }
  const operation: Operation = { tenantId, pluginId, kind: 'disable', phase: 'begun', startedAt: outside.now(), by, from: name }
  const unfinished = await journal.find(tenantId, pluginId)
  await rows.move(tenantId, pluginId, 'disable', { release: name }, by, async (tx) => {
    // An activation that failed while the process lived on, or a switching off that did.
    if (unfinished?.kind === 'enable' || unfinished?.kind === 'disable') await journal.end(unfinished, tx)
    await journal.begin(operation, tx)
  })
  await outside.reached?.('disable:begun')
  active.remove(tenantId, pluginId)
  if (!await gates.drained(tenantId, pluginId, drainMs)) log.warn(aboutKey(operation), 'a plugin was switched off while calls into it were under way; they finish')
  await peers.keptOut(operation, drainMs).catch((err: unknown) => { log.warn({ ...aboutKey(operation), err }, 'a plugin was switched off while calls into it were under way on another node; they finish') })
  await outside.reached?.('disable:drained')
  const done = await finish(parts, operation)
  if (release !== undefined) await active.letGo(release)
  return done
}

/** Ends a switching off that the journal has. */
export async function resumeSwitchOff(parts: LifecycleParts, operation: Operation): Promise<void> {
  await finish(parts, operation)
  parts.log.warn({ tenant: operation.tenantId, plugin: operation.pluginId }, 'a switching off that a stop interrupted is finished')
}

async function finish({ rows, journal, ports }: LifecycleParts, operation: Operation): Promise<InstallationRow> {
  const { tenantId, pluginId, from, by } = operation
  await ports.deactivated(tenantId, pluginId)
  return rows.move(tenantId, pluginId, 'disabled', { release: from ?? { version: '' } }, by, (tx) => journal.end(operation, tx))
}

function refuseNeeded(parts: LifecycleParts, tenantId: string, { manifest: { id, provides } }: LoadedRelease): void {
  const shared = sharedWith(parts, tenantId)
  const here = parts.active.modules(tenantId).releases.filter(({ manifest }) =>
    Object.keys(manifest.requires).some((need) => need === id || (provides.includes(need) && !shared.has(need))))
  const dependants = [...here.map(({ manifest }) => `"${manifest.id}"`), ...(parts.ports.neededElsewhere?.(tenantId, provides) ?? [])]
  if (dependants.length > 0) {
    throw new PlatformError('PLUGIN_NEEDED', `Plugin "${id}" is needed by ${dependants.join(' and ')}.`, { fix: 'Switch those off first.' })
  }
}
