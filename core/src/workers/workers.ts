import type { Modules } from '../lifecycle/modules.ts'
import type { Outside } from '../outside.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { Sleepers } from './sleepers.ts'
import type { WorkerKey, WorkerPorts } from './worker-ports.ts'
import { WorkerRun, type WorkerState } from './worker-run.ts'

/** Workers begun at a time when the platform starts, and the pause after each lot, in milliseconds: each may open a store. */
const START = { lot: 20, pauseMs: 25 } as const
/** How often it is seen whether a worker waits for nothing, in milliseconds. */
const LOOK_EVERY_MS = 60_000
/** Longest that one is waited for when it shall end, in milliseconds. */
const STOP_MS = 5_000

interface Deps {
  readonly outside: Outside
  readonly ports: WorkerPorts
  readonly modules: (tenantId: string) => Modules
  /** Whether a release may run at all. */
  readonly mayRun: (release: LoadedRelease) => boolean
}

/** One worker of this process, and how it is doing. */
export interface ListedWorker extends WorkerKey, Pick<WorkerState, 'state' | 'since' | 'error'> {
  readonly version: string
  /** Since when its run waits for nothing that the platform knows of, in milliseconds since the Unix epoch. */
  readonly astraySince?: number
}

/** The workers of plugins in this process: for each tenant, those of the releases that it runs. */
export class Workers {
  readonly #deps: Deps
  readonly #sleepers: Sleepers
  readonly #runs = new Map<string, WorkerRun>()
  /** One change at a time for each tenant: the old one ends before the new one begins. */
  readonly #turns = new Map<string, Promise<void>>()
  #state: 'new' | 'running' | 'stopped' = 'new'
  #waiting: string[] = []

  constructor(deps: Deps) {
    this.#deps = deps
    this.#sleepers = new Sleepers(deps.outside)
  }

  /** Begins those of these tenants, a few at a time. From now on {@link sync} begins and ends them at once. */
  start(tenantIds: readonly string[]): void {
    this.#state = 'running'
    this.#waiting = tenantIds.filter((tenantId) => this.#wanted(tenantId).size > 0)
    this.#startSome()
    this.#look()
  }

  /** Sees to it that no run hangs unseen. */
  #look(): void {
    for (const run of this.#runs.values()) run.look()
    if (this.#state === 'running') this.#sleepers.after(LOOK_EVERY_MS, () => { this.#look() })
  }

  /** Brings a tenant's workers to what it runs by now: those of another release, or of none, end; new ones begin. Harmless to call often. */
  sync(tenantId: string): Promise<void> {
    if (this.#state !== 'running') return Promise.resolve()
    const turn = (this.#turns.get(tenantId) ?? Promise.resolve()).then(() => this.#syncNow(tenantId)).finally(() => {
      if (this.#turns.get(tenantId) === turn) this.#turns.delete(tenantId)
    })
    this.#turns.set(tenantId, turn)
    return turn
  }

  async #syncNow(tenantId: string): Promise<void> {
    if (this.#state !== 'running') return
    const wanted = this.#wanted(tenantId)
    const over = [...this.#runs].filter(([name, run]) => run.key.tenantId === tenantId && wanted.get(name)?.release !== run.release)
    for (const [name] of over) this.#runs.delete(name)
    await Promise.all(over.map(([, run]) => this.#end(run)))
    for (const [name, { key, release }] of this.#state === 'running' ? this.#wanted(tenantId) : []) {
      if (!this.#runs.has(name)) this.#runs.set(name, new WorkerRun(key, release, this.#deps.ports, this.#sleepers))
    }
  }

  /** What may run has changed: brings every tenant's to it whose plugins have workers. */
  async syncAll(tenantIds: Iterable<string>): Promise<void> {
    const running = new Set(this.#entries().map(({ key }) => key.tenantId))
    await Promise.all([...tenantIds].filter((tenantId) => running.has(tenantId) || this.#wanted(tenantId).size > 0).map((tenantId) => this.sync(tenantId)))
  }

  /** The settings of a plugin have changed: its workers there are run anew. */
  restart(tenantId: string, pluginId: string): void {
    for (const run of this.#of(tenantId, pluginId)) run.restart()
  }

  /** The settings of a plugin may have changed: those of its workers there are run anew that were begun with others. */
  renew(tenantId: string, pluginId: string, settings: unknown): void {
    for (const run of this.#of(tenantId, pluginId)) if (!run.hasSettings(settings)) run.restart()
  }

  held(key: WorkerKey): unknown {
    return this.#runs.get(nameOf(key))?.held
  }

  wake(key: WorkerKey): void {
    this.#runs.get(nameOf(key))?.wake()
  }

  stateOf(key: WorkerKey): WorkerState {
    return this.#runs.get(nameOf(key))?.state ?? { state: 'stopped', message: undefined, since: this.#deps.outside.now() }
  }

  /** All of this process, and how they are doing. */
  list(): readonly ListedWorker[] {
    return this.#entries().map(({ key, run: { state: { state, since, error }, astraySince, release } }) => ({
      ...key, version: release.manifest.version, state, since, ...(error === undefined ? {} : { error }), ...(astraySince === undefined ? {} : { astraySince }),
    }))
  }

  /** Lets the time pass that has passed by the clock, until every worker waits. For tests. @param limitMs - longest wait, in milliseconds */
  async settle(limitMs = 30_000): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => { reject(new Error(`Workers were still busy after ${limitMs} ms: ${[...this.#runs].filter(([, run]) => !run.isIdle).map(([name]) => name).join(', ')}.`)) }, limitMs)
    try {
      while (this.#state === 'running') {
        this.#startSome()
        this.#sleepers.ring()
        await new Promise((resolve) => { setImmediate(resolve) })
        const busy = [...this.#runs.values()].filter((run) => !run.isIdle)
        const isQuiet = (): boolean => [...this.#runs.values()].every((run) => run.isIdle) && this.#turns.size === 0 && this.#waiting.length === 0
        if (isQuiet()) {
          const steps = this.#steps()
          await Promise.race([late, Promise.all([...new Set([...this.#runs.values()].flatMap(({ release }) => release.process ?? []))].map((process) => process.caughtUp()))])
          if (isQuiet() && this.#steps() === steps) return
          continue
        }
        await Promise.race([late, ...this.#turns.values(), ...busy.map((run) => run.settling)])
      }
    } finally {
      clearTimeout(timer)
      late.catch(() => undefined) // nobody waits for it any more
    }
  }

  async stop(): Promise<void> {
    this.#state = 'stopped'
    this.#waiting = []
    const runs = [...this.#runs.values()]
    this.#runs.clear()
    await Promise.all([...this.#turns.values(), ...runs.map((run) => this.#end(run))])
  }

  #steps(): number {
    return [...this.#runs.values()].reduce((sum, run) => sum + run.steps, 0)
  }

  #of(tenantId: string, pluginId: string): readonly WorkerRun[] {
    return [...this.#runs.values()].filter(({ key }) => key.tenantId === tenantId && key.pluginId === pluginId)
  }

  #entries(): readonly { readonly key: WorkerKey; readonly run: WorkerRun }[] {
    return [...this.#runs.values()].map((run) => ({ key: run.key, run }))
  }

  #wanted(tenantId: string): ReadonlyMap<string, { readonly key: WorkerKey; readonly release: LoadedRelease }> {
    return new Map(this.#deps.modules(tenantId).releases.filter((release) => this.#deps.mayRun(release)).flatMap((release) => release.registrations.workers.map(({ id }) => {
      const key = { tenantId, pluginId: release.manifest.id, workerId: id }
      return [nameOf(key), { key, release }] as const
    })))
  }

  #startSome(): void {
    if (this.#state !== 'running') return
    for (const tenantId of this.#waiting.splice(0, START.lot)) void this.sync(tenantId)
    if (this.#waiting.length > 0) setTimeout(() => { this.#startSome() }, START.pauseMs).unref()
  }

  /** What does not end in time is left behind: it holds nothing that others wait for. */
  async #end(run: WorkerRun): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => { resolve('late') }, STOP_MS)
    const how = await Promise.race([run.stop(), late])
    clearTimeout(timer)
    if (how === 'late') this.#deps.ports.log.warn({ ...run.key }, `a worker did not end within ${STOP_MS} ms, and was left behind`)
  }
}

function nameOf({ tenantId, pluginId, workerId }: WorkerKey): string {
  return `${tenantId}/${pluginId}/${workerId}`
}
