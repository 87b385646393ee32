import { createReleases, type Releases } from '../catalogue/releases.ts'
import type { Container } from '../container.ts'
import { refuseConflicts } from '../http/endpoints/path-conflicts.ts'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { Scope } from '../scope.ts'
import type { Base } from './base.ts'
import { AUDIT, LABELS, TENANTS } from './tokens.ts'

/** How releases come in: one that could not serve requests is refused before it is stored. */
export function releasesOf(services: Container, { storage, outside, locks, catalogue, releaseFolder, elsewhere, serving, trialRunner }: Base): Releases {
  return createReleases({
    storage, outside, locks, audit: services.get(AUDIT), catalogue, folder: releaseFolder, labels: services.get(LABELS), connect: (manifest) => elsewhere.connect(manifest), runner: trialRunner,
    poolId: () => services.get(TENANTS).pool()?.id ?? KERNEL_ID,
    tryOut: async (plugin) => {
      const release = { ...plugin, scope: new Scope('trial') }
      refuseConflicts(release)
      await serving.front?.tryOut(release)
    },
  })
}
