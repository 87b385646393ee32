import type { Catalogue } from '../catalogue/catalogue.ts'
import { planWhatCan } from '../catalogue/plan.ts'
import type { PlatformError } from '../errors.ts'

/** Plugins that can run together, providers first, and why the others cannot. */
export interface Enablable {
  readonly order: readonly string[]
  readonly problems: readonly PlatformError[]
}

/** Chooses as many plugins of the catalogue as can run together. */
export function enablablePlugins({ manifests }: Pick<Catalogue, 'manifests'>): Enablable {
  const { order, left } = planWhatCan(manifests, [...new Set(manifests.map(({ id }) => id))].sort().map((id) => ({ id, range: '*' })))
  return { order: order.map(({ id }) => id), problems: left.flatMap(({ problems }) => problems) }
}
