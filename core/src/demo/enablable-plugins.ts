import type { Catalogue } from '../catalogue/catalogue.ts'
import { planInstallations, type Wish } from '../catalogue/plan.ts'
import type { PlatformError } from '../errors.ts'

/** Plugins that can run together, providers first, and why the others cannot. */
export interface Enablable {
  readonly order: readonly string[]
  readonly problems: readonly PlatformError[]
}

/** Chooses as many plugins of the catalogue as can run together. One that cannot costs only itself and who needs it. */
export function enablablePlugins({ releases }: Pick<Catalogue, 'releases'>): Enablable {
  const manifests = releases.map((release) => release.manifest)
  let waiting: readonly Wish[] = [...new Set(manifests.map(({ id }) => id))].sort().map((id) => ({ id, range: '*' }))
  let kept: readonly Wish[] = []
  // All of them at once is the usual case; otherwise one by one, until nothing more fits.
  const all = planInstallations(manifests, waiting)
  if (all.ok) return { order: all.order.map(({ id }) => id), problems: [] }
  for (;;) {
    const next = waiting.find((wish) => planInstallations(manifests, [...kept, wish]).ok)
    if (next === undefined) break
    kept = [...kept, next]
    waiting = waiting.filter((wish) => wish !== next)
  }
  const plan = planInstallations(manifests, kept)
  const problems = waiting.flatMap((wish) => {
    const refused = planInstallations(manifests, [...kept, wish])
    return refused.ok ? [] : refused.problems
  })
  return { order: plan.ok ? plan.order.map(({ id }) => id) : [], problems }
}
