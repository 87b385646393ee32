import type { Gates } from './gates.ts'
import { DerivedOrigin } from './derived-origin.ts'
import type { CallLimit } from './call-limit.ts'
import type { Origin } from './runtime.ts'

/**
 * Does something inside a plugin of a tenant, and first waits where its gate is shut. Which release runs must be asked in the body:
 * it may be another one after the wait.
 * @param limit - of the call that this is nested in; it stands still during the wait
 */
export async function inside<Result>(gates: Gates, origin: Origin, pluginId: string, body: (origin: Origin) => Result | Promise<Result>, limit?: CallLimit): Promise<Result> {
  const clocks = limit === undefined ? (origin.clocks ?? []) : [...(origin.clocks ?? []), limit]
  let passage = gates.enter(origin.tenant.id, pluginId, origin.passage)
  if (passage instanceof Promise) {
    const releases = clocks.map((clock) => clock.hold())
    try {
      passage = await passage
    } finally {
      for (const release of releases) release()
    }
  }
  try {
    return await body(new DerivedOrigin(origin, { passage, clocks }))
  } finally {
    passage.leave()
  }
}
