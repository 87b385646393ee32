import type { Manifest } from '@liberacces/sdk/host'
import semver from 'semver'
import type { AuditActor } from '../audit/audit.ts'
import type { Wish } from '../catalogue/plan.ts'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { InstallationRow } from '../storage/platform-tables.ts'
import type { Operation } from './journal.ts'
import { situationAt, type LifecycleParts } from './lifecycle-parts.ts'
import { migrationsOf } from './migrations-of.ts'
import { planSwitchOn } from './planned.ts'
import { releaseName } from './release-name.ts'
import { requireConsent } from './upgrade-plan.ts'

/** What who switches a plugin on refuses of its optional scopes; all else is agreed to. */
export interface FirstConsent {
  readonly refuse: readonly string[]
}

/**
 * Switches plugins on, providers first, planned as one. What runs already in a version that will do stays as it is.
 * @param consent - of who switches on, having seen the list; `undefined` where nobody looks
 * @throws PlatformError every problem of the plan, `PLUGIN_CONSENT_NEEDED`, `PLUGIN_NOT_ENTITLED`, `PLUGIN_DOWNGRADE`, `PLUGIN_LOAD_FAILED`, `MIGRATION_FAILED`, `LABEL_…`
 */
export async function switchOn(parts: LifecycleParts, tenantId: string, wishes: readonly Wish[], by: AuditActor, consent: FirstConsent | undefined): Promise<readonly InstallationRow[]> {
  const { active, ports, rows } = parts
  const running = active.modules(tenantId)
  const known = new Map((await rows.list(tenantId)).map((row) => [row.plugin_id, row]))
  const done = new Map<string, InstallationRow>()
  const wanted: Wish[] = []
  for (const wish of wishes) {
    const row = known.get(wish.id)
    const version = running.byId.get(wish.id)?.manifest.version
    if (row === undefined || version === undefined || row.state !== 'active') wanted.push(withData(parts, row, wish))
    else if (semver.satisfies(version, wish.range, { includePrerelease: true })) done.set(wish.id, row)
    else throw elsewhere(parts, wish, version)
  }
  for (const { id } of wanted) ports.requireEntitled(tenantId, id)
  if (wanted.length > 0) {
    const order = planSwitchOn(situationAt(parts, tenantId), wanted)
    await ports.requireStartable?.(order.filter(({ id }) => wanted.some((wish) => wish.id === id)))
    const ids = order.map(({ id }) => id)
    await active.withLoaded(order, async (loaded) => {
      for (const release of loaded.filter(({ manifest }) => wanted.some(({ id }) => id === manifest.id))) {
        const operation = await begin(parts, tenantId, release, by, consent)
        done.set(release.manifest.id, await activate(parts, operation, release, ids))
      }
    })
  }
  return wishes.flatMap(({ id }) => done.get(id) ?? [])
}

/**
 * Finishes an activation that the journal or the table `installation` has: to `active`, or to `migration-failed`. Safe to run again
 * after a crash at any point.
 */
async function activate(parts: LifecycleParts, operation: Operation, release: LoadedRelease, order: readonly string[]): Promise<InstallationRow> {
  const { tenantId, pluginId, by } = operation
  const { storage, rows, journal, ports, active, outside } = parts
  const name = releaseName(parts, release.manifest)
  try {
    await storage.migrate({ tenantId, pluginId }, migrationsOf(release))
  } catch (cause) {
    if (cause instanceof PlatformError) await rows.move(tenantId, pluginId, 'enable-failed', { release: name, error: cause.message }, by, (tx) => journal.end(operation, tx))
    throw cause
  }
  await outside.reached?.('enable:migrated')
  // Before it counts as active: whoever asks again after a failure here comes by here again. Until then its runs find nothing to run.
  await ports.activated(tenantId, release)
  await outside.reached?.('enable:activated')
  const row = await rows.move(tenantId, pluginId, 'enabled', { release: name }, by, (tx) => journal.end(operation, tx))
  active.put(tenantId, release, order)
  await outside.reached?.('enable:done')
  return row
}

async function begin(parts: LifecycleParts, tenantId: string, { manifest }: LoadedRelease, by: AuditActor, consent: FirstConsent | undefined): Promise<Operation> {
  const { rows, journal, consents, outside } = parts
  if (consent === undefined) await requireConsent(parts, tenantId, manifest, by)
  const name = releaseName(parts, manifest)
  const before = await rows.find(tenantId, manifest.id)
  const operation: Operation = {
    tenantId, pluginId: manifest.id, kind: 'enable', phase: 'begun', startedAt: outside.now(), by, to: name,
    from: before === undefined ? undefined : { version: before.version, digest: before.digest ?? undefined },
  }
  const unfinished = await journal.find(tenantId, manifest.id)
  await rows.move(tenantId, manifest.id, 'enable', { release: name }, by, async (tx) => {
    // One that a failure left behind while the process lived on is taken up again.
    if (unfinished?.kind === 'enable') await journal.end(unfinished, tx)
    await journal.begin(operation, tx)
    if (consent !== undefined) await consents.accept(tenantId, manifest, consent, by, tx)
  })
  await outside.reached?.('enable:begun')
  return operation
}

/** Data that is there belongs to a version: without a word it is that one that is wanted, and never an older one. */
function withData({ catalogue }: LifecycleParts, row: InstallationRow | undefined, wish: Wish): Wish {
  if (row === undefined || row.state === 'purged') return wish
  const fits = ({ version }: Manifest): boolean => semver.satisfies(version, wish.range, { includePrerelease: true }) && semver.gte(version, row.version)
  if (wish.range === '*' && row.state !== 'migration-failed' && catalogue.manifest(wish.id, row.version) !== undefined) return { ...wish, range: row.version }
  const isOther = !semver.satisfies(row.version, wish.range, { includePrerelease: true })
  if (isOther && row.state !== 'migration-failed' && catalogue.manifest(wish.id, row.version) !== undefined && catalogue.find(wish.id).some(fits)) {
    throw new PlatformError('PLUGIN_STATE', `The data of "${wish.id}" here belongs to ${row.version}, which is not in the range ${wish.range}.`, { fix: `Switch on ${row.version}, then upgrade: that keeps a copy of the data to go back to.` })
  }
  const candidates = catalogue.find(wish.id)
  if (candidates.length === 0) return wish
  const newest = candidates.find(fits)
  if (newest !== undefined) return { ...wish, range: newest.version }
  if (!candidates.some(({ version }) => semver.satisfies(version, wish.range, { includePrerelease: true }))) return wish
  throw new PlatformError('PLUGIN_DOWNGRADE', `The data of "${wish.id}" here belongs to ${row.version}, and an older release would not know it.`, { fix: `Switch on ${row.version} or a newer one.` })
}

function elsewhere({ catalogue }: LifecycleParts, { id, range }: Wish, running: string): PlatformError {
  const fitting = catalogue.find(id).filter(({ version }) => semver.satisfies(version, range, { includePrerelease: true }))
  if (fitting.length === 0) {
    return new PlatformError('PLUGIN_VERSION_CONFLICT', `No release of "${id}" is in the range ${range}; the catalogue has ${catalogue.find(id).map(({ version }) => version).join(', ')}.`, { fix: 'Install one, or name another range.' })
  }
  return new PlatformError('PLUGIN_STATE', `Plugin "${id}" runs ${running} here, which is not in the range ${range}.`, { fix: `Use \`liberacces upgrade ${id}@${range} --tenant T\`: it keeps a copy of the data to go back to.` })
}

/** Finishes a switching on that a stop interrupted, or takes it back where nothing could finish it any more. */
export async function resumeSwitchOn(parts: LifecycleParts, operation: Operation): Promise<void> {
  const { tenantId, pluginId, by } = operation
  const { rows, journal, log } = parts
  const about = { tenant: tenantId, plugin: pluginId, version: operation.to?.version }
  log.warn(about, 'resuming an activation that a stop interrupted')
  try {
    await switchOn(parts, tenantId, [{ id: pluginId, range: operation.to?.version ?? '*' }], by, undefined)
    log.warn(about, 'the activation is finished')
  } catch (error) {
    log.warn({ ...about, err: error }, 'the activation could not be resumed')
    if (!(error instanceof PlatformError) || error.code === 'MIGRATION_FAILED') return
    const row = await rows.find(tenantId, pluginId)
    if (row?.state === 'activating') await rows.move(tenantId, pluginId, 'enable-undone', { release: operation.to ?? { version: row.version }, error: error.message }, by, (tx) => journal.end(operation, tx))
  }
}
