import { createAudit } from '../audit/audit.ts'
import { createConsentDesk } from '../consent/consent-desk.ts'
import { createConsents } from '../consent/consents.ts'
import type { Container } from '../container.ts'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { createSettings } from '../settings/settings.ts'
import { createLayouts } from '../slots/layouts.ts'
import { createFiles } from '../storage/files.ts'
import { filesFolder } from '../storage/open-blobs.ts'
import { createCommunes } from '../tenancy/communes.ts'
import { createTenants } from '../tenancy/tenants.ts'
import type { Base } from './base.ts'
import { currentModules } from './current-modules.ts'
import { sealerFor } from './sealer-for.ts'
import { NO_SETTINGS } from './no-settings.ts'
import { ADMINISTRATORS, AUDIT, CONSENTS, CONSENT_DESK, ENTITLEMENT_DESK, FILES, GRANTS, INSTALLATIONS, LAYOUTS, QUOTAS, REMOVAL, SETTINGS, SHARES, STORAGE_ROOM, TENANTS, WORKERS } from './tokens.ts'

/** What tenants keep with the kernel itself: the trail, settings, agreements, layouts. */
export function provideTenancy(services: Container, base: Base): void {
  const { storage, outside, log, health, catalogue } = base
  const modules = currentModules(services)
  services
    .provide(AUDIT, () => createAudit({ storage, outside }))
    .provide(CONSENTS, (from) => createConsents({ storage, outside, audit: from.get(AUDIT) }))
    .provide(CONSENT_DESK, (from) => createConsentDesk({ consents: from.get(CONSENTS), catalogue, installations: from.get(INSTALLATIONS) }))
    .provide(SETTINGS, (from) => createSettings({
      storage, outside, audit: from.get(AUDIT), log,
      sealer: sealerFor(base, 'settings'),
      changed: (tenantId, pluginId) => {
        services.get(WORKERS).restart(tenantId, pluginId)
        // What was wrong may be right now: nobody is to wait for the next try.
        health.breakers.close({ tenantId, pluginId })
      },
      schemaOf: (tenantId, pluginId) => modules(tenantId).byId.get(pluginId)?.plugin.settings ?? NO_SETTINGS,
    }))
    .provide(LAYOUTS, () => createLayouts(storage))
}

/** Opens the files, and the tree of tenants: who is dropped from it leaves nothing behind. */
export async function openTenancy(services: Container, { storage, blobs, locks, outside, config, log }: Base): Promise<void> {
  services.set(FILES, await createFiles({
    storage, blobs, folder: filesFolder(config.dataFolder), outside, log, room: services.get(STORAGE_ROOM),
    turns: { take: (name, body) => locks.withLock(name, ({ signal }) => body(signal)) },
  }))
  services.set(TENANTS, await createTenants({
    storage, outside, audit: services.get(AUDIT), communes: createCommunes(), baseDomain: config.baseDomain,
    moving: (tenant, parent, by, change) => services.get(ENTITLEMENT_DESK).move(tenant, parent, by, () => services.get(INSTALLATIONS).exclusivelyAll([tenant.id, ...(tenant.parentId === undefined ? [] : [tenant.parentId])], async () => {
      if (parent.id !== tenant.parentId) services.get(SHARES).requireFree(tenant.id)
      return change()
    })),
    dropData: async (tenant) => {
      await services.get(INSTALLATIONS).dropTenant(tenant.id)
      await services.get(FILES).dropTenant(tenant.id)
      services.get(SETTINGS).forget(tenant.id)
      services.get(QUOTAS).forget(tenant.id)
      services.get(CONSENTS).forget(tenant.id)
      await services.get(REMOVAL).dropTenant(tenant.id)
      services.get(ADMINISTRATORS).invalidate(tenant.id)
      services.get(SHARES).forget(tenant.id)
      services.get(GRANTS).forget(tenant.id)
    },
  }))
}

/** What every tenant's pages look into is at hand from the start. */
export async function preloadSettings(services: Container): Promise<void> {
  await services.get(SETTINGS).preload(KERNEL_ID)
}
