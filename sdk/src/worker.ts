import { assertLocalName } from './local-name.ts'

/** A worker as its own handlers refer to it: by this, never by a name. */
export interface Worker<Held = undefined> {
  readonly kind: 'worker'
  /** Unique within the plugin. */
  readonly id: string
  /** Never set: it carries the type of what the worker holds. */
  readonly __held?: Held
}

/**
 * Names a worker. What it holds, such as a connection, its plugin's handlers get with `c.held(worker)`.
 * @throws TypeError when the id is malformed
 * @example `const link = defineWorker<BusLink>('bus')`
 */
export function defineWorker<Held = undefined>(id: string): Worker<Held> {
  assertLocalName(id, 'worker')
  return Object.freeze({ kind: 'worker', id })
}

/** How a worker is doing, as an administrator reads it. */
export interface WorkerHealth {
  /** `resting`: it has nothing to do until it is woken. `working`: all is well. `troubled`: it cannot do its work now, and tries again. `stopped`: it does not run here. */
  readonly state: 'resting' | 'working' | 'troubled' | 'stopped'
  /** In the reader's language. */
  readonly text: string | undefined
  /** Since when. */
  readonly since: Date
}
