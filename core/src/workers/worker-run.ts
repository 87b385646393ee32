import type { Duplex } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import type { ConnectTarget, Context, MessageValues, TenantInfo, WorkerContext } from '@liberacces/sdk'
import { PlatformError } from '../errors.ts'
import { describeError } from '../events/describe-error.ts'
import { pluginLog } from '../runtime/plugin-log.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Sleepers } from './sleepers.ts'
import type { WorkerKey, WorkerPorts } from './worker-ports.ts'

/** Shortest and longest wait until a worker that failed is run again, in milliseconds. */
const BACK_OFF_MS = { shortest: 1_000, longest: 300_000 } as const
/** Longest that a run may wait for nothing that the platform knows of, in milliseconds. */
const LONGEST_ASTRAY_MS = 300_000
/** Longest piece of work that a worker may ask for, in milliseconds. */
const LONGEST_PIECE_MS = 60_000

/** How a worker is doing; the text is a message of its plugin, for whoever reads it. */
export interface WorkerState {
  readonly state: 'resting' | 'working' | 'troubled' | 'stopped'
  readonly message: { readonly key: string; readonly values: MessageValues | undefined } | undefined
  readonly since: number
  /** Why its run failed last, in English: for operators. Kept until it works again. */
  readonly error?: string
}

/** One worker of one plugin on one tenant: run, run again when it fails, and stopped. */
export class WorkerRun {
  readonly key: WorkerKey
  readonly release: LoadedRelease
  readonly #ports: WorkerPorts
  readonly #sleepers: Sleepers
  #stopping = false
  #round = new AbortController()
  #woken = false
  #waiting: (() => void) | undefined
  #under = 0
  #failures = 0
  /** How often it went on, or came to wait. */
  #steps = 0
  #held: unknown
  /** What the latest round was begun with; `undefined` while that is being found out. */
  #settings: unknown
  #state: WorkerState
  #error: string | undefined
  /** Connections that it has or makes. */
  #connections = 0
  /** Since when its run waits for nothing that the platform knows of: `undefined` while it does, or between runs. */
  #astraySince: number | undefined
  #giveUp: ((reason: Error) => void) | undefined
  #idle = Promise.withResolvers<void>()
  readonly #done: Promise<void>

  constructor(key: WorkerKey, release: LoadedRelease, ports: WorkerPorts, sleepers: Sleepers) {
    this.key = key
    this.release = release
    this.#ports = ports
    this.#sleepers = sleepers
    this.#state = { state: 'resting', message: undefined, since: ports.now() }
    this.#done = this.#live()
  }

  get held(): unknown {
    return this.#held
  }

  get state(): WorkerState {
    return this.#error === undefined ? this.#state : { ...this.#state, error: this.#error }
  }

  /** Since when it waits for nothing that the platform knows of, in milliseconds since the Unix epoch. */
  get astraySince(): number | undefined {
    return this.#astraySince
  }

  /**
   * Ends a run that has waited for nothing for too long, as one that failed. Nothing that the platform does would ever bring it on: a promise was lost, and nobody asks a
   * worker for anything, so nobody else would notice.
   */
  look(): void {
    if (this.#astraySince === undefined || this.#ports.now() - this.#astraySince < LONGEST_ASTRAY_MS) return
    const { pluginId, workerId } = this.key
    this.#giveUp?.(new PlatformError('PLUGIN_CALL_TIMEOUT', `Worker "${workerId}" of "${pluginId}" has waited for nothing that the platform knows of for ${LONGEST_ASTRAY_MS / 60_000} minutes.`, { fix: 'A worker waits with w.pause(), in a piece of work, or on a connection; give its other waits an end.' }))
  }

  /** Whether it waits for time or a call, and nothing is under way. */
  get isIdle(): boolean {
    return this.#waiting !== undefined && this.#under === 0
  }

  /** How often something of it changed: as long as it is the same, nothing happened. */
  get steps(): number {
    return this.#steps
  }

  /** Until it may have come to rest. */
  get settling(): Promise<void> {
    return this.#idle.promise
  }

  wake(): void {
    this.#steps += 1
    this.#woken = true
    this.#waiting?.()
  }

  /** Whether it runs, or has run, with settings that are the same as these. */
  hasSettings(settings: unknown): boolean {
    return this.#settings !== undefined && isDeepStrictEqual(this.#settings, settings)
  }

  /** Ends this run and begins another at once: what it was made from has changed. */
  restart(): void {
    this.#failures = 0
    this.#round.abort(new PlatformError('UNAVAILABLE', 'The settings have changed.', { fix: 'It runs again by itself.' }))
    this.wake()
  }

  /** Ends it for good. Resolves when its run is over. */
  stop(): Promise<void> {
    this.#stopping = true
    this.#round.abort(new PlatformError('UNAVAILABLE', 'The worker is stopped.', { fix: 'It runs again when its plugin is on.' }))
    this.wake()
    return this.#done
  }

  async #live(): Promise<void> {
    while (!this.#stopping) {
      this.#round = new AbortController()
      this.#woken = false
      const { signal } = this.#round
      let again: number | undefined
      try {
        await this.#once(signal)
        if (!signal.aborted) {
          this.#error = undefined
          this.#say('resting', undefined)
        }
      } catch (error) {
        if (!signal.aborted) {
          again = this.#backOff()
          // What it said of its trouble before it threw is more to the point.
          if (this.#state.state !== 'troubled') this.#say('troubled', undefined)
          this.#error = describeError(error)
          this.#ports.log.warn({ ...this.#about(), retryInMs: again, error: describeError(error), err: error }, 'a worker failed and will be run again')
        }
      }
      if (!this.#stopping && !signal.aborted) await this.#wait(again, signal)
    }
    this.#say('stopped', undefined)
    this.#waiting = () => undefined
    this.#progress()
  }

  async #once(signal: AbortSignal): Promise<void> {
    const opened = new Set<Duplex>()
    const registered = this.release.registrations.workers.find(({ id }) => id === this.key.workerId)
    if (registered === undefined) throw new Error(`"${this.key.pluginId}" has no worker "${this.key.workerId}".`)
    if (this.#state.state !== 'troubled') this.#say('working', undefined)
    const over = new AbortController()
    const whole = AbortSignal.any([signal, over.signal])
    try {
      this.#settings = undefined
      const settings = this.release.plugin.settings === undefined ? {} : await this.#ports.settings(this.key)
      // They may have changed just now.
      signal.throwIfAborted()
      this.#settings = settings
      const { promise: givenUp, reject } = Promise.withResolvers<never>()
      this.#giveUp = reject
      this.#connections = 0
      this.#astray()
      await Promise.race([(registered.run as (w: WorkerContext) => Promise<void>)(this.#context(settings, whole, opened)), givenUp])
    } finally {
      this.#giveUp = undefined
      this.#astraySince = undefined
      over.abort(new Error('The run of the worker is over.'))
      this.#held = undefined
      for (const socket of opened) socket.destroy()
    }
  }

  #context(settings: unknown, signal: AbortSignal, opened: Set<Duplex>): WorkerContext {
    const { key, release } = this
    const ports = this.#ports
    const tenant: TenantInfo = ports.tenant(key.tenantId)
    return {
      tenant, settings, signal,
      log: pluginLog(ports.log, this.#about()),
      now: () => new Date(ports.now()),
      run: (what, body, { timeoutMs } = {}) => timeoutMs !== undefined && !(Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= LONGEST_PIECE_MS) ? Promise.reject(wrongTime(key, timeoutMs)) : this.#underWay(() => ports.call(key, release, { what: `worker ${key.workerId}: ${what}`, limitMs: timeoutMs ?? release.manifest.limits.callMs }, signal, body as (c: Context) => Promise<never>)),
      connect: async (target: ConnectTarget) => {
        this.#connected(1, signal)
        const socket = await ports.connect(key, release, target, signal).catch((error: unknown) => {
          this.#connected(-1, signal)
          throw error
        })
        opened.add(socket)
        socket.once('close', () => {
          opened.delete(socket)
          this.#connected(-1, signal)
        })
        if (signal.aborted) socket.destroy()
        return socket
      },
      hold: (held) => { if (!signal.aborted) this.#held = held },
      health: (state, message, values) => {
        if (signal.aborted) return
        if (state === 'working') {
          this.#failures = 0
          this.#error = undefined
        }
        this.#say(state, { key: message, values })
      },
      pause: (ms) => this.#wait(ms, signal, true),
      wake: () => { if (!signal.aborted) this.wake() },
    }
  }

  async #wait(ms: number | undefined, signal: AbortSignal, isInside = false): Promise<boolean> {
    if (isInside) signal.throwIfAborted()
    if (!this.#woken) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const cancel = ms === undefined ? undefined : this.#sleepers.after(ms, resolve)
      this.#waiting = resolve
      this.#progress()
      this.#astray()
      await promise
      this.#waiting = undefined
      cancel?.()
      this.#astray()
    }
    const woken = this.#woken
    this.#woken = false
    if (isInside) signal.throwIfAborted()
    return woken
  }

  async #underWay<Result>(body: () => Promise<Result>): Promise<Result> {
    this.#under += 1
    this.#steps += 1
    this.#astray()
    try {
      return await body()
    } finally {
      this.#under -= 1
      this.#progress()
      this.#astray()
    }
  }

  /** One more connection, or one less; those of a run that is over count no more. */
  #connected(by: 1 | -1, signal: AbortSignal): void {
    if (signal.aborted) return
    this.#connections += by
    this.#astray()
  }

  /** Something that it may wait for has come or gone. */
  #astray(): void {
    const waits = this.#giveUp === undefined || this.#waiting !== undefined || this.#under > 0 || this.#connections > 0
    this.#astraySince = waits ? undefined : this.#ports.now()
  }

  #progress(): void {
    this.#steps += 1
    if (!this.isIdle) return
    this.#idle.resolve()
    this.#idle = Promise.withResolvers<void>()
  }

  #backOff(): number {
    this.#failures += 1
    const wait = Math.min(BACK_OFF_MS.longest, BACK_OFF_MS.shortest * 2 ** (this.#failures - 1))
    // Up to a fifth more by chance, so that all do not come back at once.
    return Math.round(wait * (1 + this.#ports.chance() / 5))
  }

  #say(state: WorkerState['state'], message: WorkerState['message']): void {
    const isSame = this.#state.state === state && this.#state.message?.key === message?.key
    this.#state = { state, message, since: isSame ? this.#state.since : this.#ports.now() }
  }

  #about(): Readonly<Record<string, string>> {
    const { tenantId, pluginId, workerId } = this.key
    return { tenant: this.#ports.tenant(tenantId).slug, plugin: pluginId, release: this.release.manifest.version, worker: workerId }
  }
}

function wrongTime({ pluginId, workerId }: WorkerKey, timeoutMs: number): PlatformError {
  return new PlatformError('PLUGIN_ASK_INVALID', `Worker "${workerId}" of "${pluginId}" gives a piece of its work ${timeoutMs} ms.`, { fix: `timeoutMs is a whole number of 1 to ${LONGEST_PIECE_MS}.` })
}
