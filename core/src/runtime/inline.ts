import type { Context } from '@liberacces/sdk'
import { isRetryLater } from '@liberacces/sdk/host'
import { PlatformError } from '../errors.ts'
import type { CallGuard } from '../health/call-guard.ts'
import { CallLimit } from './call-limit.ts'
import type { CpuMeter } from './cpu-meter.ts'
import type { CountedCall } from './cpu-shares.ts'
import { AlreadyHandled, CallContext, type AcceptedEvent, type ContextPorts } from './call-context.ts'
import type { LoadedRelease } from './release.ts'
import type { RunCall } from './run-call.ts'
import type { Call, Origin, Runtime } from './runtime.ts'
import { NO_SCOPES } from './scope-gate.ts'

interface Deps {
  readonly ports: ContextPorts
  /** Settings of a plugin on a tenant; a promise only when they are not in memory yet. */
  readonly settings: (tenantId: string, pluginId: string) => unknown
  /** Optional scopes that a tenant granted to a plugin; a promise only when they are not in memory yet. Asked for plugins that have some. */
  readonly accepted: (tenantId: string, pluginId: string) => ReadonlySet<string> | Promise<ReadonlySet<string>>
  readonly cpu: CpuMeter
  readonly failed: (release: LoadedRelease, origin: Origin, call: Call, error: PlatformError) => void
  /** Told of each call that has ended, in seconds. */
  readonly ended?: (release: LoadedRelease, seconds: number) => void
  /** Lets calls through, or refuses them while the plugin is stopped or fails. @defaultValue all go through */
  readonly guard?: CallGuard
  /** What goes around each call. @defaultValue nothing */
  readonly around?: ((run: RunCall) => RunCall) | undefined
}

/** The runtime in the kernel's own process, with one more door for events, whose handlers take note of what they dealt with. */
export interface InlineRuntime extends Runtime {
  callForEvent<Result>(release: LoadedRelease, origin: Origin, call: Call, event: AcceptedEvent, body: (c: Context) => Result | Promise<Result>): Promise<Result>
}

/**
 * Runs plugin code in the kernel's process. It limits time and blames by name; it cannot stop a loop that never yields,
 * which is why only code one trusts runs here.
 */
export function createInlineRuntime({ ports, settings, accepted, cpu, failed, ended, guard, around }: Deps): InlineRuntime {
  async function runPlainly<Result>(ports: ContextPorts, release: LoadedRelease, origin: Origin, call: Call, event: AcceptedEvent | undefined, body: (c: Context) => Result | Promise<Result>): Promise<Result> {
    let own = release.plugin.settings === undefined ? EMPTY : settings(origin.tenant.id, release.manifest.id)
    if (own instanceof Promise) own = await own
    let scopes = release.manifest.optionalScopes === undefined ? NO_SCOPES : accepted(origin.tenant.id, release.manifest.id)
    if (scopes instanceof Promise) scopes = await scopes
    const isProbe = guard !== undefined && !guard.isCalm && guard.admit(release, origin)
    let failure: PlatformError | undefined
    const limit = new CallLimit(origin)
    const startedAt = ended === undefined ? 0 : performance.now()
    let timer: NodeJS.Timeout | undefined
    let counted: CountedCall | undefined
    const isCounted = cpu.counts(origin.tenant.id)
    if (!isCounted) cpu.shares.beginUncounted()
    try {
      const context = new CallContext(ports, release, origin, { settings: own, accepted: scopes }, limit, event)
      if (isCounted) {
        if (origin.beyondQuotas !== true) cpu.require(origin.tenant.id)
        counted = cpu.shares.begin()
      }
      const result = counted === undefined ? body(context) : cpu.shares.run(counted, () => body(context))
      if (!isThenable(result)) return result
      // No Promise.race: it would keep the late promise's reactions of every call alive.
      return await new Promise<Result>((resolve, reject) => {
        let granted = 0
        const ring = (): void => {
          // Time that was spent in front of another plugin's gate is not its own.
          const more = limit.heldMs - granted
          if (more > 0) {
            granted += more
            timer = setTimeout(ring, Math.ceil(more))
            return
          }
          const error = timeout(release, call)
          limit.expire(error)
          reject(error)
        }
        timer = setTimeout(ring, call.limitMs)
        Promise.resolve(result).then(resolve, reject)
      })
    } catch (cause) {
      if (cause instanceof AlreadyHandled) throw cause
      failure = blame(release, call, cause)
      failed(release, origin, call, failure)
      throw failure
    } finally {
      if (guard !== undefined && (failure !== undefined || !guard.isCalm)) guard.ended(release, origin, call, isProbe, failure)
      clearTimeout(timer)
      ended?.(release, (performance.now() - startedAt) / 1_000)
      if (!isCounted) cpu.shares.endUncounted()
      else if (counted !== undefined) cpu.spend(origin.tenant.id, cpu.shares.end(counted))
    }
  }
  const run: RunCall = around?.(runPlainly) ?? runPlainly
  return {
    call: (release, origin, call, body) => run(ports, release, origin, call, undefined, body),
    callForEvent: (release, origin, call, event, body) => run(ports, release, origin, call, event, body),
  }
}

const EMPTY = Object.freeze({})

/** Kysely's builders and other promises of their own kind count too. */
function isThenable(value: unknown): value is PromiseLike<never> {
  return value instanceof Promise || (typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function')
}

function timeout(release: LoadedRelease, call: Call): PlatformError {
  return new PlatformError('PLUGIN_CALL_TIMEOUT', `Plugin "${release.manifest.id}" ${release.manifest.version} took longer than ${call.limitMs} ms in ${call.what}.`,
    { fix: 'Something it waits for does not answer, or a promise is never settled. Look at its log lines with the same trace id.' })
}

/** The kernel's own refusals come through as they are; anything else is the plugin's failure, with its cause. */
function blame(release: LoadedRelease, call: Call, cause: unknown): PlatformError {
  if (cause instanceof PlatformError) return cause
  if (isRetryLater(cause)) return new PlatformError('UNAVAILABLE', cause.message, { fix: 'It is tried again by itself.', cause })
  return new PlatformError('PLUGIN_CALL_FAILED', `Plugin "${release.manifest.id}" ${release.manifest.version} failed in ${call.what}.`,
    { fix: 'See the cause in the log; tell the publisher of the plugin.', cause })
}
