import { v7 } from 'uuid'
import type { Container } from '../container.ts'
import { openInstallations, type Resumer } from '../lifecycle/installations.ts'
import { createWaveDesk } from '../lifecycle/wave-desk.ts'
import { schedulesOf } from '../privacy/retention-schedule.ts'
import { WaveRows } from '../lifecycle/wave-rows.ts'
import { createRemoval } from '../removal/removal.ts'
import { checkData } from '../runtime/check-data.ts'
import type { Base } from './base.ts'
import { knownModules } from './current-modules.ts'
import { NO_SETTINGS } from './no-settings.ts'
import { checkOrigin } from './origins.ts'
import { AUDIT, CONSENTS, CONTEXT_PORTS, ENTITLEMENTS, FILES, INSTALLATIONS, LABELS, QUOTAS, REMOVAL, ROLES, SCHEDULER, SETTINGS, SHARES, TENANTS, WAVES, WORKERS } from './tokens.ts'

/**
 * Finds out what runs for whom, and brings to an end what a crash cut short, removals included.
 * @param drainMs longest that an upgrade waits for calls under way, in milliseconds
 */
export async function openLifecycle(services: Container, base: Base, drainMs: number): Promise<void> {
  const { storage, locks, peers, shared, kept, blobs, outside, catalogue, log, gates, serving, config: { dataFolder } } = base
  const known = knownModules(services)
  const origin = checkOrigin(services, base)
  const neededElsewhere = (tenantId: string, contracts: readonly string[]) => services.get(SHARES).needing(tenantId, contracts)
  const deactivated = (tenantId: string, pluginId: string) => services.get(SCHEDULER).forget(tenantId, pluginId)
  services.set(REMOVAL, createRemoval({
    storage, outside, catalogue, log, dataFolder, node: peers.own, shared, kept, blobs, files: services.get(FILES), audit: services.get(AUDIT),
    exclusively: (tenantId, change) => services.get(INSTALLATIONS).exclusively(tenantId, change),
    deactivated, neededElsewhere,
    forget: async ({ tenantId }) => {
      await services.get(SETTINGS).reload(tenantId)
      services.get(CONSENTS).forget(tenantId)
      services.get(ROLES).invalidate(tenantId)
    },
    tenant: (tenantId) => {
      const { slug, name } = services.get(TENANTS).byId(tenantId)?.info ?? { slug: '', name: '' }
      return { slug, name }
    },
  }))
  await services.get(REMOVAL).open()
  const resumeRemoval: Resumer = (operation) => services.get(REMOVAL).resume(operation)
  services.set(INSTALLATIONS, await openInstallations({
    resumers: { archive: resumeRemoval, purge: resumeRemoval },
    storage, locks, peers, shared, catalogue, outside, audit: services.get(AUDIT), consents: services.get(CONSENTS), log, gates, drainMs,
    files: services.get(FILES), dataFolder,
    ports: {
      changed: (tenantId) => { void services.get(WORKERS).sync(tenantId) },
      activated: async (tenantId, release) => { if (serving.front !== undefined) await services.get(SCHEDULER).register(tenantId, release.manifest.id, schedulesOf(release)) },
      requireEntitled: (tenantId, pluginId) => { services.get(ENTITLEMENTS).requireUse(tenantId, pluginId) },
      requireStartable: (releases) => services.get(LABELS).requireStartable(releases),
      activatedMany: async (tenantIds, release) => { if (serving.front !== undefined) await services.get(SCHEDULER).registerMany(release.manifest.id, schedulesOf(release), tenantIds) },
      deactivated, neededElsewhere,
      servedBy: (tenantId) => services.get(SHARES).servedBy(tenantId),
      // While they are opened every share counts: whether its provider runs is not known yet, and one that does not fails when it is called.
      sharedContracts: (tenantId) => {
        const shares = services.get(SHARES)
        const shared = shares.contractsFor(tenantId)
        const isProvided = (contract: string): boolean => known(shares.contractFrom(tenantId, contract)?.tenantId ?? '')?.providers.has(contract) ?? true
        return shared.size === 0 ? shared : new Set([...shared].filter(isProvided))
      },
      check: (tenantId, release, from) => checkData({
        ports: services.get(CONTEXT_PORTS), files: services.get(FILES), cpu: services.get(QUOTAS).cpu,
        settings: (id, { manifest, plugin }) => services.get(SETTINGS).as(id, manifest.id, plugin.settings ?? NO_SETTINGS),
        accepted: (id, pluginId) => services.get(CONSENTS).granted(id, pluginId),
      }, release, origin(tenantId), from),
    },
  }))
}

/** Lets waves be started; those under way end with the platform's scope. */
export function openWaves(services: Container, { storage, outside, log, scope, peers, bulletin }: Base): void {
  const rows = new WaveRows(storage, peers.own ?? v7({ msecs: outside.now(), random: outside.randomBytes(16) }), peers.own !== undefined)
  const waves = createWaveDesk({ installations: services.get(INSTALLATIONS), rows, outside, log })
  services.set(WAVES, waves)
  bulletin.register(waves.held)
  scope.defer('waves', () => waves.close())
}
