// Longer than others: the states of one child, and everything that moves it from one to the next, read as a whole.
import { setTimeout as after } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { ReleaseHealth } from '../health/health.ts'
import { outageError } from '../health/outage.ts'
import type { WallId } from './box/wall.ts'
import type { Grant } from './broker/open-call.ts'
import type { Blame, Child } from './child.ts'
import type { Description } from './description.ts'
import type { Seat } from './group/process-group.ts'
import { PluginSide, type SideDeps, type SideName } from './plugin-side.ts'
import type { Hello, Target } from './protocol.ts'
import type { ReleaseProcess } from '../runtime/release.ts'
import type { PluginRunner } from './running-plugin.ts'
import type { UsedScopes } from './used-scopes.ts'

/** What a supervisor needs. */
export interface SupervisorDeps {
  readonly runtime: ReleaseProcess['runtime']
  /** What it is called until it has said it itself. */
  readonly name: SideName
  /** Starts a child. */
  readonly start: (signal: AbortSignal) => Promise<Child>
  /** Its place among plugins that share a process. Left out where it is alone. */
  readonly seat?: Seat
  /** What it is told first, read anew for each child. */
  readonly hello: () => Promise<Omit<Hello, 'kind' | 'protocol' | 'clock'>>
  readonly side: Omit<SideDeps, 'gaveUp'>
  /** The health of the release, once it is known which one it is. */
  readonly health: (name: SideName) => ReleaseHealth
  readonly pingEveryMs: number
  /** Longest a child may take until it is ready, in milliseconds. */
  readonly loadMs: number
  readonly now: () => number
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void; error(detail: object, message: string): void }
}

interface Running {
  readonly child: Child
  readonly side: PluginSide
}

/** Longest that calls under way may take once it is to stop, in milliseconds. Requests have had their time before; what else there is, such as events, comes again. */
const DRAIN_MS = 3_000
/** How long it may take to end by itself after that. */
const LONGEST_ENDING_MS = 1_000
/** Within this it must say that it lives, when it is asked because something is amiss. */
const PROBE_MS = 2_000
/** Longest that a call waits for a child that is being started, in milliseconds. */
const LONGEST_WAIT_MS = 5_000
/** Longest that calls under way may take where it was, once it goes on elsewhere, in milliseconds: as long as any call may. */
const LONGEST_MOVE_MS = 120_000

/** Keeps one release running in a child: starts it, notices its end or that it hangs, starts it again as its health allows, and ends it. */
export class Supervisor implements PluginRunner, ReleaseProcess {
  readonly #deps: SupervisorDeps
  #name: SideName
  #known: ReleaseHealth | undefined
  #running: Running | undefined
  #starting: Promise<void> | undefined
  /** It goes on elsewhere in a moment. */
  #moving: Promise<Running | undefined> | undefined
  /** Calls that wait for the next child. */
  #waiting: PromiseWithResolvers<void> | undefined
  #description: Description | undefined
  #timer: NodeJS.Timeout | undefined
  #pinging: NodeJS.Timeout | undefined
  #isProbing = false
  #isStopping = false
  /** Its end was noticed, and what follows is not decided yet. */
  #isLeaving = false
  #stopped: Promise<void> | undefined
  #endWatch: () => void = () => undefined
  #downSince = 0
  #aborting = new AbortController()
  /** Whose doing it was that the last start failed. */
  #startBlame: Blame = 'own'

  constructor(deps: SupervisorDeps) {
    this.#deps = deps
    this.#name = deps.name
  }

  get #health(): ReleaseHealth {
    return (this.#known ??= this.#deps.health(this.#name))
  }

  get runtime(): ReleaseProcess['runtime'] { return this.#deps.runtime }
  get state(): ReleaseProcess['state'] { return this.#known?.state ?? 'starting' }
  get pid(): number | undefined { return this.#running?.child.pid }
  get inFlight(): number { return this.#running?.side.inFlight ?? 0 }
  get walls(): readonly WallId[] { return (this.#running?.child.walls ?? []).filter(({ stands }) => stands).map(({ id }) => id) }
  get used(): UsedScopes['list'] { return this.#deps.side.used.list }
  get group(): ReleaseProcess['group'] {
    const { seat } = this.#deps
    return seat === undefined ? undefined : { name: seat.group, isApart: seat.isApart }
  }

  memory(): Promise<number | undefined> {
    return this.#running?.child.memory() ?? Promise.resolve(undefined)
  }

  /**
   * Starts the first child, and says what the plugin is.
   * @throws PlatformError `PLUGIN_LOAD_FAILED`, `BOX_UNAVAILABLE`; nothing is left running then
   */
  async open(): Promise<Description> {
    // Where another one ended the process that it shares, while it was loaded there, it is not to suffer for that.
    await this.#start().catch((error: unknown) => {
      if (this.#startBlame === 'own') throw error
      return this.#start()
    })
    if (this.#description === undefined) throw new Error('It is ready and did not say what it is.')
    if (this.#health.state === 'stopped' || this.#health.state === 'quarantined') this.#end('it may not run', false)
    this.#pinging = setInterval(() => { void this.#ping() }, this.#deps.pingEveryMs)
    this.#pinging.unref()
    this.#endWatch = this.#health.watch((change) => {
      if (change !== 'halt') this.#deps.seat?.forgiven()
      if (change === 'resume') this.#startSoon(0)
      else {
        this.#end('an operator stopped it', false)
        if (change === 'restart') this.#startSoon(0)
      }
    })
    return this.#description
  }

  call(target: Target, input: unknown, grant: Grant): Promise<unknown> {
    return this.#running === undefined ? this.#awaited().then(({ side }) => side.call(target, input, grant)) : this.#running.side.call(target, input, grant)
  }

  tookToRead(ms: number): void {
    this.#running?.side.tookToRead(ms)
  }

  async caughtUp(): Promise<void> {
    // The second one is answered after what the first things it was told have led to at once.
    await this.#running?.side.ping(PROBE_MS)
    await this.#running?.side.ping(PROBE_MS)
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop())
  }

  async #stop(): Promise<void> {
    this.#isStopping = true
    this.#endWatch()
    clearInterval(this.#pinging)
    clearTimeout(this.#timer)
    this.#aborting.abort()
    this.#letGo()
    await Promise.allSettled([this.#starting, this.#moving])
    const running = this.#running
    if (running !== undefined) await this.#leave(running)
    await this.#deps.seat?.left()
  }

  async #leave(running: Running): Promise<void> {
    await running.side.drain(DRAIN_MS)
    // Its end is none that another one follows, and what is asked from now on goes nowhere.
    this.#running = undefined
    await tellToEnd(running)
    this.#known?.ended()
  }

  /**
   * Has it go on in another child, where it runs in one that `isLeft` says yes to: the next one is ready before it takes the place of the first, in which
   * the calls that are under way end. No call fails. Comes back once nothing is in the first one.
   */
  async move(isLeft: (child: Child) => boolean): Promise<void> {
    await this.#starting?.catch(() => undefined)
    const before = this.#running
    if (before === undefined || !isLeft(before.child) || this.#isStopping) return
    this.#moving = this.#launch().catch((error: unknown) => {
      if (!this.#isStopping) this.#deps.log.warn({ plugin: this.#name.id, release: this.#name.version, err: error }, 'a plugin could not go on in another process')
      return undefined
    })
    const next = await this.#moving
    this.#moving = undefined
    // It is started anew once the first one is ended.
    if (next === undefined) return
    if (this.#running !== before) {
      next.child.kill()
      return
    }
    this.#run(next)
    await before.side.drain(LONGEST_MOVE_MS)
    await tellToEnd(before)
  }

  /** A child that is ready, after a little wait where one is on its way. @throws PlatformError `UNAVAILABLE` */
  async #awaited(): Promise<Running> {
    const comesAt = this.#known?.restartAt
    const isSoon = this.#starting !== undefined || this.#isLeaving || (comesAt !== undefined && comesAt - this.#deps.now() <= LONGEST_WAIT_MS)
    if (isSoon && !this.#isStopping) {
      const { promise: late, resolve } = Promise.withResolvers<undefined>()
      const timer = setTimeout(resolve, LONGEST_WAIT_MS)
      await Promise.race([this.#nextStart(), late])
      clearTimeout(timer)
    }
    if (this.#running === undefined) throw this.#outage()
    return this.#running
  }

  #nextStart(): Promise<void> {
    return (this.#waiting ??= Promise.withResolvers<void>()).promise
  }

  #outage(): Error {
    const { now } = this.#deps
    const [health, name] = [this.#health, this.#name]
    const kind = health.state === 'quarantined' || health.state === 'stopped' ? health.state : 'restarting'
    const restartAt = health.restartAt
    return outageError({ kind, pluginId: name.id, since: this.#downSince || now() }, restartAt === undefined ? (kind === 'restarting' ? 1 : 60) : (restartAt - now()) / 1_000)
  }

  #start(): Promise<void> {
    this.#starting ??= this.#startNow().finally(() => {
      this.#starting = undefined
      this.#letGo()
    }).then((isRunning) => {
      // Stopped while it was starting; meanwhile it may be let run again.
      if (!isRunning) this.#startSoon(0)
    })
    return this.#starting
  }

  #letGo(): void {
    this.#waiting?.resolve()
    this.#waiting = undefined
  }

  /** @returns whether it runs: not where an operator, or another node's quarantine, stopped it meanwhile */
  async #startNow(): Promise<boolean> {
    this.#known?.started()
    // The first one is looked at to know what the plugin is; `open` ends it after that.
    const isFirst = this.#description === undefined
    const running = await this.#launch()
    if (!isFirst && (this.#health.state === 'stopped' || this.#health.state === 'quarantined')) {
      running.child.kill()
      await running.child.exited
      this.#health.ended()
      return false
    }
    this.#run(running)
    this.#health.ready()
    return true
  }

  /** Starts a child, and has the plugin loaded there. */
  async #launch(): Promise<Running> {
    const { start, hello, side: sideDeps, loadMs } = this.#deps
    this.#startBlame = 'own'
    const child = await start(this.#aborting.signal)
    const side = new PluginSide(child.channel, this.#name, { ...sideDeps, gaveUp: () => { this.#probeSoon() } }, () => this.#outage())
    let isLoaded = false
    child.shared?.watch(() => (isLoaded ? side.atWork : 'computing'))
    try {
      const description = await side.open(await hello(), loadMs)
      if (this.#description !== undefined && !isDeepStrictEqual(description, this.#description)) throw new Error('it describes itself as something else than before')
      this.#description ??= description
      this.#name = { id: description.plugin.id, version: description.plugin.version }
      isLoaded = true
      child.loaded?.()
      return { child, side }
    } catch (error) {
      // Where the process has ended that it shares, that says whose doing it was.
      if (side.hasEnded && child.shared !== undefined) await Promise.race([child.exited, after(LONGEST_ENDING_MS, undefined, { ref: false })])
      child.kill()
      await child.exited
      this.#startBlame = child.shared?.blame ?? 'own'
      throw error
    }
  }

  #run(running: Running): void {
    const { child, side } = running
    this.#running = running
    this.#deps.log.info({ plugin: this.#name.id, release: this.#name.version, pid: child.pid }, child.shared === undefined ? 'a plugin runs in a process of its own' : 'a plugin runs in a process that it shares')
    void side.ended.then((fault) => { this.#gone(running, fault.kind === 'protocol' ? `broke the rules: ${fault.what}` : undefined) })
    void child.exited.then((why) => { this.#gone(running, why) })
  }

  /** @param why - `undefined`: its stream ended, and it will say itself why */
  #gone(running: Running, why: string | undefined): void {
    if (this.#running !== running) return
    this.#running = undefined
    this.#isLeaving = true
    this.#downSince = this.#deps.now()
    // One whose stream ended is ending; it may say why.
    const timer = setTimeout(() => { running.child.kill() }, why === undefined ? LONGEST_ENDING_MS : 0)
    void running.child.exited.then((exit) => {
      clearTimeout(timer)
      if (!this.#isStopping) this.#crashed(why ?? exit, running.child.shared?.blame ?? 'own')
    })
  }

  #crashed(why: string, blame: Blame): void {
    const { now, seat } = this.#deps
    if (blame === 'own') seat?.crashed()
    const verdict = this.#health.crashed(why, blame)
    this.#isLeaving = false
    if (verdict.kind === 'restart') this.#startSoon(verdict.at - now())
    // Who waits for the next one would wait too long.
    if (verdict.kind !== 'restart' || verdict.at - now() > LONGEST_WAIT_MS) this.#letGo()
  }

  #startSoon(inMs: number): void {
    if (this.#isStopping) return
    clearTimeout(this.#timer)
    const begin = (): void => {
      if (this.#isStopping || this.#running !== undefined || !this.#health.mayStart) return
      this.#start().catch((error: unknown) => { if (!this.#isStopping) this.#crashed(error instanceof Error ? error.message : String(error), this.#startBlame) })
    }
    if (inMs <= 0) begin()
    else {
      this.#timer = setTimeout(() => {
        this.#health.waited()
        begin()
      }, inMs)
      this.#timer.unref()
    }
  }

  async #ping(): Promise<void> {
    const running = this.#running
    if (running === undefined) return
    if (await running.side.ping(PROBE_MS)) this.#health.answered()
    else if (this.#running === running && this.#health.missedPing()) this.#end('it did not answer any more', true)
  }

  /** A call was given up: either its own work is slow, or the whole process does not come to anything else. */
  #probeSoon(): void {
    const running = this.#running
    if (running === undefined || this.#isProbing) return
    this.#isProbing = true
    void running.side.ping(PROBE_MS).then((answers) => {
      this.#isProbing = false
      if (!answers && this.#running === running) this.#end(`it did not answer within ${PROBE_MS} ms`, true)
    })
  }

  #end(why: string, isCrash: boolean): void {
    const running = this.#running
    if (running === undefined) return
    // Who shares its process does not answer either, and it may be their doing.
    if (isCrash && running.child.shared !== undefined) running.child.shared.hangs(why)
    else if (isCrash) this.#gone(running, why)
    else {
      this.#running = undefined
      this.#downSince = this.#deps.now()
      running.child.kill()
      void running.child.exited.then(() => {
        // What is told of the one that follows it, if there is one already, holds.
        if (this.#running === undefined && this.#starting === undefined) this.#health.ended()
      })
    }
  }
}

/** It ends by itself, or is ended. */
async function tellToEnd({ side, child }: Running): Promise<void> {
  side.stop()
  const timer = setTimeout(() => { child.kill() }, LONGEST_ENDING_MS)
  await child.exited
  clearTimeout(timer)
}
