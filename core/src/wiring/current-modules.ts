import type { Container } from '../container.ts'
import type { Installations } from '../lifecycle/installations.ts'
import type { Modules } from '../lifecycle/modules.ts'
import { INSTALLATIONS } from './tokens.ts'

/** What runs for a tenant. */
export type CurrentModules = (tenantId: string) => Modules

/** What runs for a tenant, asked anew at each call. */
export function currentModules(services: Container): CurrentModules {
  // Made once, and asked on every request.
  let installations: Installations | undefined
  return (tenantId) => (installations ??= services.get(INSTALLATIONS)).modules(tenantId)
}

/** The same for those who ask while a start is still finding out what runs where: nothing is known then. */
export function knownModules(services: Container): (tenantId: string) => Modules | undefined {
  return (tenantId) => services.find(INSTALLATIONS)?.modules(tenantId)
}
