import { heldReleases } from '../catalogue/held-releases.ts'
import type { Container } from '../container.ts'
import { heldWorkers } from '../workers/held-workers.ts'
import type { Base } from './base.ts'
import { ADMINISTRATORS, APPLICATIONS, CONSENTS, ENTITLEMENTS, GRANTS, INSTALLATIONS, LABELS, ROLES, SETTINGS, SHARES, TENANTS, THRESHOLDS, WORKERS } from './tokens.ts'

/** Everyone who holds rows of the kernel's tables in memory, those first that others build upon. */
export function registerHeld(services: Container, { bulletin, storage, health, catalogue, releaseFolder, elsewhere, log }: Base): void {
  bulletin.register(
    health.halts.held,
    services.get(TENANTS).held,
    services.get(ENTITLEMENTS).held,
    services.get(SETTINGS).held,
    services.get(CONSENTS).held,
    services.get(ROLES).held,
    services.get(THRESHOLDS).held,
    services.get(SHARES).held,
    services.get(GRANTS).held,
    services.get(ADMINISTRATORS).held,
    services.get(APPLICATIONS).held,
    services.get(LABELS).held,
    heldReleases({ storage, catalogue, folder: releaseFolder, connect: (manifest) => elsewhere.connect(manifest), log }),
  )
}

/** What runs comes last, and late: it is found out from all of that. */
export function registerInstallations(services: Container, { bulletin, life }: Base): void {
  bulletin.register(services.get(INSTALLATIONS).held)
  if (life !== undefined) bulletin.register(heldWorkers({ workers: () => services.get(WORKERS), settings: services.get(SETTINGS) }))
}
