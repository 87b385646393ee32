import type { Catalogue } from '../catalogue/catalogue.ts'
import { planWhatCan } from '../catalogue/plan.ts'
import type { PlatformError } from '../errors.ts'

/** Plugins that can run together, providers first, and why the others cannot. */
export interface Enablable {
  readonly order: readonly string[]
  readonly problems: readonly PlatformError[]
}

/** What reaches out to whoever an administrator names: it shows nothing until somebody does, and a demonstration names nobody. */
const OUTWARD: ReadonlySet<string> = new Set(['net:*', 'tcp:*'])

/** Chooses as many plugins of the catalogue as can run together and have something to show by themselves. */
export function enablablePlugins({ manifests }: Pick<Catalogue, 'manifests'>): Enablable {
  const { order, left } = planWhatCan(manifests, [...new Set(manifests.filter(({ scopes }) => !scopes.some((scope) => OUTWARD.has(scope))).map(({ id }) => id))].sort().map((id) => ({ id, range: '*' })))
  return { order: order.map(({ id }) => id), problems: left.flatMap(({ problems }) => problems) }
}
