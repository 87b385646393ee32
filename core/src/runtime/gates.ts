import { PlatformError } from '../errors.ts'

/** Tenants whose gates stay in memory though nobody is inside: making one anew costs ten times a look-up. */
const KEPT_TENANTS = 1_024

/** One call's stay inside a plugin of a tenant. */
export interface Passage {
  readonly tenantId: string
  readonly pluginId: string
  /** The stay in whose course it came in, if it is nested. */
  readonly outer: Passage | undefined
  /** Twice is harmless. */
  leave(): void
}

/** Whether this process may let anybody into a plugin at all. */
export interface Leave {
  /** Asked at every call: costs next to nothing. */
  readonly isSure: boolean
  /** Resolves once it may. @throws PlatformError `UNAVAILABLE` when that takes too long */
  sure(): Promise<void>
}

interface Lane {
  inside: number
  shut: PromiseWithResolvers<void> | undefined
  emptied: (() => void)[]
}

/**
 * Who is inside which plugin of which tenant. While a gate is shut, callers wait in front of it, and then find whichever release
 * runs by then. An open gate costs two look-ups in maps; a plugin that nobody is inside of costs nothing.
 */
export class Gates {
  readonly #lanes = new Map<string, Map<string, Lane>>()
  #leave: Leave | undefined

  /** From now on nobody comes in anywhere while this process has no leave to let them in: other nodes may hold it for dead then. */
  heed(leave: Leave): void {
    this.#leave = leave
  }

  /**
   * Comes in, at once where the gate is open. What was found out about the plugin before this promise settled may no longer be true.
   * A call that is nested in one to the same plugin comes in always: the outer one would wait for it for ever.
   */
  enter(tenantId: string, pluginId: string, outer?: Passage): Passage | Promise<Passage> {
    for (let around = outer; around !== undefined; around = around.outer) {
      if (around.pluginId === pluginId && around.tenantId === tenantId) return { tenantId, pluginId, outer, leave: nothing }
    }
    if (this.#leave?.isSure === false) return this.#leave.sure().then(() => this.enter(tenantId, pluginId, outer))
    const lane = this.#lane(tenantId, pluginId)
    if (lane.shut === undefined) return this.#inside(tenantId, pluginId, lane, outer)
    return lane.shut.promise.then(() => this.enter(tenantId, pluginId, outer))
  }

  /** Calls under way inside a plugin of a tenant. */
  insideOf(tenantId: string, pluginId: string): number {
    return this.#lanes.get(tenantId)?.get(pluginId)?.inside ?? 0
  }

  /** Calls under way inside all plugins. */
  get insideOfAll(): number {
    let sum = 0
    for (const lanes of this.#lanes.values()) for (const { inside } of lanes.values()) sum += inside
    return sum
  }

  /** Until a shut gate opens; `undefined` where it is open. */
  waitFor(tenantId: string, pluginId: string): Promise<void> | undefined {
    return this.#lanes.get(tenantId)?.get(pluginId)?.shut?.promise
  }

  /**
   * Shuts a gate and waits until nobody is inside. One at a time for each plugin of a tenant.
   * @param limitMs - longest wait, in milliseconds; past it the gate is open again
   * @returns opens the gate; twice is harmless
   * @throws PlatformError `PLUGIN_BUSY`
   */
  async shut(tenantId: string, pluginId: string, limitMs: number): Promise<() => void> {
    const lane = this.#lane(tenantId, pluginId)
    if (lane.shut !== undefined) throw new Error(`The gate of "${pluginId}" is shut already.`)
    const shut = Promise.withResolvers<void>()
    lane.shut = shut
    const open = (): void => {
      if (lane.shut !== shut) return
      lane.shut = undefined
      shut.resolve()
      this.#tidy(tenantId, pluginId, lane)
    }
    if (await this.drained(tenantId, pluginId, limitMs)) return open
    const { inside } = lane
    open()
    throw new PlatformError('PLUGIN_BUSY', `Plugin "${pluginId}" was still at work after ${limitMs} ms: ${inside} ${inside === 1 ? 'call was' : 'calls were'} under way.`, {
      fix: 'Try again in a quieter moment; nothing was changed.', retryAfterSeconds: 30,
    })
  }

  /**
   * Waits until nobody is inside; the gate stays as it is.
   * @param limitMs - longest wait, in milliseconds
   * @returns whether nobody is
   */
  async drained(tenantId: string, pluginId: string, limitMs: number): Promise<boolean> {
    const lane = this.#lanes.get(tenantId)?.get(pluginId)
    if (lane === undefined || lane.inside === 0) return true
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const emptied = (): void => { resolve(true) }
    lane.emptied = [...lane.emptied, emptied]
    const timer = setTimeout(() => { resolve(false) }, limitMs)
    const done = await promise
    clearTimeout(timer)
    lane.emptied = lane.emptied.filter((other) => other !== emptied)
    return done
  }

  #lane(tenantId: string, pluginId: string): Lane {
    let lanes = this.#lanes.get(tenantId)
    if (lanes === undefined) this.#lanes.set(tenantId, lanes = new Map())
    let lane = lanes.get(pluginId)
    if (lane === undefined) lanes.set(pluginId, lane = { inside: 0, shut: undefined, emptied: [] })
    return lane
  }

  #inside(tenantId: string, pluginId: string, lane: Lane, outer: Passage | undefined): Passage {
    lane.inside += 1
    let left = false
    return {
      tenantId,
      pluginId,
      outer,
      leave: () => {
        if (left) return
        left = true
        lane.inside -= 1
        if (lane.inside > 0) return
        for (const emptied of lane.emptied) emptied()
        this.#tidy(tenantId, pluginId, lane)
      },
    }
  }

  /** Tens of thousands of tenants come by; only those that are called now are kept. */
  #tidy(tenantId: string, pluginId: string, lane: Lane): void {
    if (this.#lanes.size <= KEPT_TENANTS || lane.inside > 0 || lane.shut !== undefined) return
    const lanes = this.#lanes.get(tenantId)
    if (lanes?.get(pluginId) !== lane) return
    lanes.delete(pluginId)
    if (lanes.size === 0) this.#lanes.delete(tenantId)
  }
}

function nothing(): void {
  // A nested stay ends with the outer one.
}
