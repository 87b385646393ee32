import type { ScheduledRun } from '../events/schedules.ts'
import type { Modules } from '../lifecycle/modules.ts'
import { RETENTION_SCHEDULE } from '../privacy/retention-schedule.ts'
import type { Gates } from './gates.ts'
import { inside } from './inside.ts'
import type { LoadedRelease } from './release.ts'
import type { Origin, Runtime } from './runtime.ts'

interface Deps {
  readonly runtime: Runtime
  readonly gates: Gates
  readonly modules: (tenantId: string) => Modules
  readonly origin: (tenantId: string, traceparent: string | undefined) => Origin
  /** Has a plugin let go of personal data that it has kept long enough. */
  readonly expire: (release: LoadedRelease, from: Origin) => Promise<void>
}

/** Runs one schedule of a plugin for one tenant. A plugin that was switched off meanwhile has nothing to run. @param signal - ends it */
export function runSchedule({ runtime, gates, modules, origin, expire }: Deps, { tenantId, pluginId, scheduleId }: ScheduledRun, signal?: AbortSignal): Promise<void> {
  // A trace of its own: nobody asked for this run.
  return inside(gates, { ...origin(tenantId, undefined), ...(signal === undefined ? {} : { signal }), cause: { kind: 'schedule', pluginId, scheduleId }, beyondQuotas: scheduleId === RETENTION_SCHEDULE }, pluginId, async (from) => {
    const release = modules(tenantId).byId.get(pluginId)
    if (release !== undefined && scheduleId === RETENTION_SCHEDULE) return expire(release, from)
    const schedule = release?.registrations.schedules.find((one) => one.id === scheduleId)
    if (release === undefined || schedule === undefined) return
    await runtime.call(release, from, { what: `schedule ${scheduleId}`, limitMs: schedule.timeoutMs }, (c) =>
      (schedule.run as (c: unknown) => Promise<void>)(c))
  })
}
