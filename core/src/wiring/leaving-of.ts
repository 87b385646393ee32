import type { Container } from '../container.ts'
import { createLeaving, type Leaving } from '../leaving/leaving.ts'
import type { Base } from './base.ts'
import { AUDIT, CONSENTS, ENTITLEMENTS, EVENTS, FILES, INSTALLATIONS, LABELS, PASSWORDS, PRIVACY, ROLES, SETTINGS, TENANTS } from './tokens.ts'

/** How tenants leave and come. */
export function leavingOf(services: Container, { config, storage, catalogue, outside }: Base): Leaving {
  return createLeaving({
    dataFolder: config.dataFolder, storage, catalogue, outside,
    privacy: services.get(PRIVACY),
    files: services.get(FILES),
    tenants: services.get(TENANTS),
    installations: services.get(INSTALLATIONS),
    consents: services.get(CONSENTS),
    entitlements: services.get(ENTITLEMENTS),
    settings: services.get(SETTINGS),
    roles: services.get(ROLES),
    passwords: services.get(PASSWORDS),
    audit: services.get(AUDIT),
    requireStartable: (releases) => services.get(LABELS).requireStartable(releases),
    wake: async (key) => {
      const events = services.get(EVENTS)
      await events.markDirty(key)
      events.notify(key)
    },
  })
}
