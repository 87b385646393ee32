import type { Duplex } from 'node:stream'
import type { ConnectTarget } from './connect.ts'
import type { Context, Log, MessageValues, TenantInfo } from './context.ts'
import type { PluginTypes } from './plugin-types.ts'

/** What a worker holds for the whole of one run: on one tenant, in one process. Each piece of its work is a call of its own, with a context of its own. */
export interface WorkerContext<T extends PluginTypes = PluginTypes, Held = undefined> {
  readonly tenant: TenantInfo
  /** The settings as they are; when they change, the worker is stopped and run anew. */
  readonly settings: T['settings']
  readonly log: Log
  /** Aborted when the worker shall end: the plugin is switched off or over, its settings change, or the platform stops. */
  readonly signal: AbortSignal
  /** The time, from the platform's clock. */
  now(): Date
  /**
   * Does one piece of work as the platform itself, as a handler of an event would: within a time limit, and not while the plugin is moved to another
   * release.
   * @param what - for blame, such as `delivery`
   * @param options - `timeoutMs`: 1 to 60 000. @defaultValue the plugin's `limits.callMs`
   */
  run<Result>(what: string, body: (c: Context<T>) => Promise<Result>, options?: { readonly timeoutMs?: number }): Promise<Result>
  /**
   * A connection to a host declared as `tcp:<host>:<port>`, or to any with `tcp:*`, for protocols that are not HTTP. It is the worker's to close;
   * what is open when the run is over is closed then.
   * @throws PlatformError `SCOPE_MISSING`, `SCOPE_REFUSED`, `EGRESS_REFUSED` for an address that is not public, `EGRESS_FAILED`
   */
  connect(target: ConnectTarget): Promise<Duplex>
  /** What the plugin's handlers get with `c.held`; until the run is over, or this is called again. */
  hold(held: Held | undefined): void
  /** Says how it is doing. @param message - a message of the plugin */
  health(state: 'working' | 'troubled', message: T['message'], values?: MessageValues): void
  /**
   * Waits, at most so long, in milliseconds; less when it is woken with `c.wake(worker)`. Without a time it waits to be woken.
   * A run that waits for nothing of this kind for five minutes (no pause, no piece of work, no connection) is taken for one that hangs: it is ended, and run again.
   * @returns whether it was woken
   * @throws the signal's reason, when the worker shall end
   */
  pause(ms?: number): Promise<boolean>
  /** Ends a pause of its own, this one or the next: something that it started is done. */
  wake(): void
}
