import type { ScheduledRun } from '../events/schedules.ts'
import type { Modules } from '../lifecycle/modules.ts'
import type { Gates } from './gates.ts'
import { inside } from './inside.ts'
import type { Origin, Runtime } from './runtime.ts'

interface Deps {
  readonly runtime: Runtime
  readonly gates: Gates
  readonly modules: (tenantId: string) => Modules
  readonly origin: (tenantId: string, traceparent: string | undefined) => Origin
}

/** Runs one schedule of a plugin for one tenant. A plugin that was switched off meanwhile has nothing to run. */
export function runSchedule({ runtime, gates, modules, origin }: Deps, { tenantId, pluginId, scheduleId }: ScheduledRun): Promise<void> {
  // A trace of its own: nobody asked for this run.
  return inside(gates, { ...origin(tenantId, undefined), cause: { kind: 'schedule', pluginId, scheduleId } }, pluginId, async (from) => {
    const release = modules(tenantId).byId.get(pluginId)
    const schedule = release?.registrations.schedules.find((one) => one.id === scheduleId)
    if (release === undefined || schedule === undefined) return
    await runtime.call(release, from, { what: `schedule ${scheduleId}`, limitMs: schedule.timeoutMs }, (c) =>
      (schedule.run as (c: unknown) => Promise<void>)(c))
  })
}
