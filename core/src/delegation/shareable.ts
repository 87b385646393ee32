import type { Modules } from '../lifecycle/modules.ts'
import type { Shareable } from './shares.ts'

/** The contracts that a tenant's active plugins provide, with the permissions that their operations ask for. Pure. */
export function shareableOf({ releases }: Modules): readonly Shareable[] {
  return releases.flatMap(({ manifest, registrations }) => registrations.services.map(({ service }) => ({
    contract: service.id,
    provider: manifest.title,
    permissions: [...new Set(Object.values(service.operations).flatMap(({ permission }) => (permission === undefined ? [] : [`${manifest.id}/${permission}`])))].sort(),
  })))
}

/** Ids of active plugins that require a contract which none of them provides. Pure. */
export function needing({ releases, providers }: Modules, contract: string): readonly string[] {
  return providers.has(contract) ? [] : releases.filter(({ manifest }) => Object.hasOwn(manifest.requires, contract)).map(({ manifest }) => manifest.id)
}
