import type { Context, Locale } from '@liberacces/sdk'
import type { Principal } from '../identity/principal.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { Cause } from '../events/cause.ts'
import type { CallLimit, Leaving } from './call-limit.ts'
import type { CallTrail } from './call-trail.ts'
import type { Passage } from './gates.ts'
import type { Reads } from './reads.ts'
import type { LoadedRelease } from './release.ts'

/** On whose behalf plugin code runs. */
export interface Origin {
  readonly tenant: Tenant
  readonly principal: Principal
  readonly locale: Locale
  /** W3C trace context (Trace Context, section 3.2): `00-<trace id>-<span id>-<flags>`. */
  readonly traceparent: string
  /** What other systems noted about the trace (section 3.3), handed on unchanged. */
  readonly tracestate?: string | undefined
  /** The event or schedule that this is done because of. */
  readonly cause?: Cause | undefined
  /** Notes which services are called on the way. */
  readonly trail?: CallTrail | undefined
  /** Aborted when the caller went away. */
  readonly signal?: AbortSignal | undefined
  /** The same for who needs no signal. @defaultValue what `signal` tells */
  readonly leaving?: Leaving | undefined
  /** Inside which plugins the call is, so that a call nested in it waits for none of them. */
  readonly passage?: Passage | undefined
  /** The limits of the calls around it; they stand still while it waits in front of a gate. */
  readonly clocks?: readonly CallLimit[] | undefined
  /** Notes what is read on the way, where what comes out may be kept. Whoever makes an origin from another hands it on: what is not noted is not seen to change. */
  readonly reads: Reads | undefined
  /** What must not wait for a new day, such as a person's rights: what it computes and sends is counted, and never refused for a quota of the day. */
  readonly beyondQuotas?: boolean | undefined
}

/** One call into plugin code. */
export interface Call {
  /** For blame: `route GET /articles/:id`, `tile "Actualités"`. */
  readonly what: string
  /** Longest it may take, in milliseconds. */
  readonly limitMs: number
}

/** The one door into plugin code: fixes tenant and actor, limits the time, blames by name. */
export interface Runtime {
  /**
   * @throws PlatformError `PLUGIN_CALL_FAILED` or `PLUGIN_CALL_TIMEOUT`, with the plugin's error as cause;
   * a PlatformError of the kernel that the plugin let pass (such as `PERMISSION_DENIED`) comes through as it is
   */
  call<Result>(release: LoadedRelease, origin: Origin, call: Call, body: (c: Context) => Result | Promise<Result>): Promise<Result>
}
