// Longer than others: one side, from the first word to the last, with the calls that are under way on it.
import type { Context, WorkerContext } from '@liberacces/sdk'
import type { Duplex } from 'node:stream'
import { PlatformError } from '../errors.ts'
import { CallContext } from '../runtime/call-context.ts'
import type { CpuMeter } from '../runtime/cpu-meter.ts'
import { LONGEST_MIGRATION_MS } from '../storage/migration-time.ts'
import { misfit } from '../validation.ts'
import type { WatchAsked } from './asked.ts'
import { Broker, REFUSALS } from './broker/broker.ts'
import { ByteAllowance } from './broker/byte-allowance.ts'
import { OpenCall, type Grant } from './broker/open-call.ts'
import { OpenWork } from './broker/open-work.ts'
import { saidFacts } from './call-facts.ts'
import type { AtWork } from './child.ts'
import { openChannel, type Channel, type ChannelFault } from './channel.ts'
import { Description } from './description.ts'
import { parseFromPlugin } from './parse-message.ts'
import { PluginLines } from './plugin-lines.ts'
import { LIMITS, PROTOCOL_VERSION, type Ask, type FromKernel, type FromPlugin, type Hello, type Target, type WireError, type WireReads } from './protocol.ts'
import { noteReads, pluginError } from './said.ts'
import { MessageTooLarge } from './message-too-large.ts'
import { ReadingTime } from './reading-time.ts'
import { ToldPlaces } from './told-places.ts'
import { UnderWay } from './under-way.ts'
import type { UsedScopes } from './used-scopes.ts'
import { toWireError, type ErrorWording } from './wire-error.ts'

/** What a side needs of the kernel. */
export interface SideDeps {
  readonly now: () => number
  /** The time is the machine's. */
  readonly isMachineTime: boolean
  readonly randomBytes: (length: number) => Uint8Array
  /** Counts what a plugin's side says it computed. */
  readonly cpu: () => CpuMeter | undefined
  readonly used: UsedScopes
  readonly log: { warn(detail: object, message: string): void }
  /** How errors of the kernel are told. */
  readonly wording: ErrorWording
  /** Longest that one migration may take, in milliseconds. @defaultValue ten minutes */
  readonly migrationMs?: number
  /** Longest that a worker may take to its end once it is told, in milliseconds; its connections are open for as long. @defaultValue four seconds */
  readonly workEndMs?: number
  /** Told of each question. @defaultValue nobody */
  readonly asked?: WatchAsked | undefined
  /** A call was given up whose time was up, or whose caller left: what runs it may hang. */
  readonly gaveUp?: () => void
}

/** Whose side it is, for messages. */
export interface SideName {
  readonly id: string
  readonly version: string
}

type CallMessage = Extract<FromKernel, { kind: 'call' }>

/** A plugin at the other end of a stream. Nothing that it says is believed before it is looked at. */
export class PluginSide {
  readonly name: SideName
  /** Why it came to its end. Never rejects. */
  readonly ended: Promise<ChannelFault>
  readonly #deps: SideDeps
  readonly #broker: Broker
  readonly #channel: Channel<FromKernel>
  /** Calls, and workers among them. */
  readonly #calls = new UnderWay<OpenCall>()
  /** Workers that run there: they are no calls that come to an end, and nobody waits for them. */
  readonly #works = new Map<number, (reason: Error) => void>()
  readonly #room = new ByteAllowance(LIMITS.heldBySide)
  readonly #pings = new Map<number, () => void>()
  readonly #lines: PluginLines
  readonly #opening = Promise.withResolvers<Description>()
  /** What calls fail with once it is over. */
  readonly #lost: () => Error
  readonly #places = new ToldPlaces()
  #pinged = 0
  #waiting = 0
  #isPaused = false
  /** A call was given up, and nothing was heard since. */
  #isGivenUp = false
  #fault: ChannelFault | undefined
  #drained: (() => void) | undefined
  #worksEnded: (() => void) | undefined

  constructor(stream: Duplex, name: SideName, deps: SideDeps, lost: () => Error) {
    this.name = name
    this.#deps = deps
    this.#lost = lost
    this.#lines = new PluginLines(deps, name)
    this.#broker = new Broker(deps.used, () => this.name.id, deps.asked)
    const { promise, resolve } = Promise.withResolvers<ChannelFault>()
    this.ended = promise
    this.#opening.promise.catch(() => undefined)
    this.#channel = openChannel<FromPlugin, FromKernel>(stream, {
      json: LIMITS.fromPluginJson, message: LIMITS.fromPlugin, outgoingJson: LIMITS.toPluginJson, outgoing: LIMITS.toPlugin,
      messagesPerSecond: LIMITS.messagesPerSecond, readingTime: new ReadingTime(() => performance.now()), takesTurns: true, unread: LIMITS.unread,
    }, {
      parse: parseFromPlugin,
      heard: (message, size) => { this.#hear(message, size) },
      ended: (fault) => {
        this.#fault = fault
        this.#opening.reject(loadFailed(name, `its process ended while it was loaded: ${fault.what}`))
        for (const call of this.#calls.values()) call.outcome.reject(this.#lost())
        for (const answer of this.#pings.values()) answer()
        resolve(fault)
      },
    })
  }

  /** Calls under way. */
  get inFlight(): number {
    return this.#calls.size - this.#works.size
  }

  /** What it is at, as far as can be seen from here. What was given up may be what it hangs at, until it is heard of again. */
  get atWork(): AtWork {
    if (this.#isGivenUp) return 'computing'
    let at: AtWork = 'idle'
    for (const { waiting, grant } of this.#calls.values()) {
      if (waiting === 0) return 'computing'
      // A worker that waits may do so for days.
      if (!('w' in grant)) at = 'waiting'
    }
    return at
  }

  get hasEnded(): boolean {
    return this.#fault !== undefined
  }

  /**
   * Has it load the plugin.
   * @throws PlatformError `PLUGIN_LOAD_FAILED` with what the plugin's side says, or when it says nothing in time, or describes itself in no way that can be understood
   */
  async open(hello: Omit<Hello, 'kind' | 'protocol' | 'clock'>, limitMs: number): Promise<Description> {
    const timer = setTimeout(() => { this.#opening.reject(loadFailed(this.name, `loading it took longer than ${limitMs} ms`)) }, limitMs)
    try {
      this.#channel.send({ kind: 'hello', protocol: PROTOCOL_VERSION, clock: this.#deps.isMachineTime ? 'machine' : 'told', ...hello })
      return await this.#opening.promise
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * Has it do something.
   * @param grant - what it may ask of meanwhile
   * @throws whatever the plugin throws, the kernel's own refusals as they were; `UNAVAILABLE` when its process ends meanwhile
   */
  async call(target: Target, input: unknown, grant: Grant): Promise<unknown> {
    if (this.#fault !== undefined) throw this.#lost()
    if ('w' in grant) return this.#work(target, input, grant.w)
    const about: Omit<CallMessage, 'id'> = {
      kind: 'call', target, input,
      ...('c' in grant ? { facts: saidFacts(grant.c, this.#deps.isMachineTime ? undefined : this.#deps.now()), ...this.#places.of(grant.c) } : {}),
      ...('c' in grant && this.#isCounted(grant.c) ? { counted: true as const } : {}),
      ...(this.#deps.isMachineTime ? {} : { seed: this.#seed() }),
    }
    const isAlone = this.inFlight === 0
    // Known before it is told: what it asks may come at once.
    const call = this.#calls.add((number) => new OpenCall(number, grant, this.#room))
    const { id } = call
    let endWatch = (): void => undefined
    this.#channel.called()
    try {
      try {
        this.#channel.send({ ...about, id }, isAlone)
        if (isAlone) this.#channel.expectSoon()
      } catch (error) {
        if ('c' in grant) this.#places.forget(grant.c)
        throw tooLarge(this.name, error)
      }
      endWatch = 'c' in grant ? this.#watchEnd(grant.c, call) : this.#limitMigration(call)
      return await call.outcome.promise
    } finally {
      endWatch()
      this.#calls.delete(id)
      call.close()
      if (this.inFlight === 0) this.#drained?.()
    }
  }

  /** Runs a worker until it is over. Whose signal is aborted it is told, and has some seconds to come to its end by itself. */
  async #work(target: Target, input: unknown, w: WorkerContext): Promise<unknown> {
    const call = this.#calls.add((number) => new OpenCall(number, { w }, this.#room, new OpenWork(w, (piece, c) => this.call({ at: 'piece', work: number, piece }, undefined, { c }))))
    const { id } = call
    let timer: NodeJS.Timeout | undefined
    const end = (reason: Error): void => {
      this.#channel.send({ kind: 'cancel', id, error: toWireError(reason, this.#deps.wording) })
      timer ??= setTimeout(() => { call.outcome.reject(reason) }, this.#deps.workEndMs ?? LONGEST_WORK_END_MS)
    }
    const abort = (): void => { end(w.signal.reason as Error) }
    this.#works.set(id, end)
    w.signal.addEventListener('abort', abort, { once: true })
    try {
      this.#channel.send({ kind: 'call', id, target, input })
      if (w.signal.aborted) abort()
      return await call.outcome.promise
    } finally {
      clearTimeout(timer)
      w.signal.removeEventListener('abort', abort)
      this.#works.delete(id)
      this.#calls.delete(id)
      call.close()
      if (this.#works.size === 0) this.#worksEnded?.()
    }
  }

  /** Has every worker end: they go on elsewhere, or not at all. */
  async #endWorks(): Promise<void> {
    if (this.#works.size === 0) return
    const reason = new PlatformError('UNAVAILABLE', 'The process of the worker ends.', { fix: 'It runs again by itself.' })
    await new Promise<void>((resolve) => {
      this.#worksEnded = resolve
      for (const end of this.#works.values()) end(reason)
    })
  }

  /** @returns whether it answered in time; of one that is not listened to, because it has asked so much, nobody can say that it did not */
  async ping(limitMs: number): Promise<boolean> {
    if (this.#fault !== undefined) return false
    this.#pinged += 1
    const id = this.#pinged
    return new Promise((resolve) => {
      const verdict = (): void => { if (this.#pings.delete(id)) resolve(this.#isPaused) }
      // Where this process itself was busy for so long, its answer may have come and was not read yet: timers come first, then what has come.
      const timer = setTimeout(() => { setImmediate(() => { setImmediate(verdict) }) }, limitMs)
      this.#pings.set(id, () => {
        clearTimeout(timer)
        this.#pings.delete(id)
        resolve(this.#fault === undefined)
      })
      this.#channel.send({ kind: 'ping', id })
    })
  }

  /** What it answered took so long to look through, in milliseconds. */
  tookToRead(ms: number): void {
    this.#channel.tookToRead(ms)
  }

  /** Waits until no call is under way, at most so long. */
  async drain(limitMs: number): Promise<void> {
    await this.#endWorks()
    if (this.inFlight === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs)
      this.#drained = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Tells it to end. Calls that are still under way fail. */
  stop(): void {
    this.#channel.send({ kind: 'stop' })
    this.#channel.close()
  }

  #hear(message: FromPlugin, size: number): void {
    this.#isGivenUp = false
    switch (message.kind) {
      case 'ready': this.#opened(message.protocol, message.description); break
      case 'unready': this.#opening.reject(loadFailed(this.name, describe(message.error))); break
      case 'pong': this.#pings.get(message.id)?.(); break
      case 'log': this.#lines.say(this.#calls.get(message.call), message, size); break
      case 'denied': this.#lines.blame(undefined, 'a plugin tried what its process may not do', { tried: message.what }); break
      case 'ask': {
        const call = this.#calls.get(message.call)
        // It may have been sent before the plugin's side learnt that the call is over.
        if (call === undefined) {
          this.#deps.asked?.({ plugin: this.name.id, what: message.what, scope: undefined, tenantId: undefined, traceId: undefined, sql: undefined, refused: 'PLUGIN_CALL_TIMEOUT', why: OVER.message })
          this.#channel.send({ kind: 'refusal', to: message.id, error: OVER })
        }
        else if ('w' in call.grant) this.#answerWork(call, message, size)
        else if (call.waiting >= LIMITS.asksOfCall) throw new RangeError(`More than ${LIMITS.asksOfCall} questions of one call at once.`)
        else this.#answer(call, message, size)
        break
      }
      case 'result': {
        const call = this.#over(message)
        call?.outcome.resolve(message.value)
        break
      }
      case 'failure': {
        const call = this.#over(message)
        if (call !== undefined) call.outcome.reject(this.#failureOf(message.error, call))
        break
      }
      default: message satisfies never
    }
  }

  /** That its answer is none it says itself, where it is too large to be said. Whoever says so falsely is blamed for it. */
  #failureOf(said: WireError, call: OpenCall): unknown {
    const error = pluginError(said, call)
    if (error instanceof PlatformError || said.code !== 'PLUGIN_ANSWER_INVALID') return error
    const { id, version } = this.name
    return new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${id}" ${version} answered with what cannot be: ${said.message}`, { fix: 'The plugin must be mended; tell its publisher.', cause: error })
  }

  #opened(protocol: number, description: unknown): void {
    if (protocol !== PROTOCOL_VERSION) throw new TypeError(`It speaks version ${protocol} of the protocol, the kernel version ${PROTOCOL_VERSION}.`)
    const wrong = misfit(Description, description)
    if (wrong === undefined) this.#opening.resolve(description as Description)
    else this.#opening.reject(loadFailed(this.name, `it describes itself wrongly, at ${wrong}`))
  }

  #answer(call: OpenCall, ask: Ask, size: number): void {
    const release = this.#room.take(size)
    if (release === undefined) return this.#refuse(call, ask, tooMuchAtOnce(this.name))
    call.waiting += 1
    this.#waiting += 1
    if (this.#waiting === MOST_WAITING) {
      this.#isPaused = true
      this.#channel.pause()
    }
    let value: unknown
    try {
      value = this.#broker.answer(call, ask)
    } catch (error) {
      this.#settle(call, ask, release, undefined, { error })
      return
    }
    if (value instanceof Promise) value.then((one: unknown) => { this.#settle(call, ask, release, one) }, (error: unknown) => { this.#settle(call, ask, release, undefined, { error }) })
    else this.#settle(call, ask, release, value)
  }

  /** A question has its answer, or is refused. */
  #settle(call: OpenCall, ask: Ask, release: () => void, value: unknown, failed?: { readonly error: unknown }): void {
    try {
      if (failed !== undefined) throw failed.error
      const isAlone = this.#waiting === 1
      this.#channel.send(this.#answerOf(ask, value), isAlone)
      if (isAlone && this.inFlight === 1) this.#channel.expectSoon()
    } catch (thrown) {
      this.#refuse(call, ask, thrown instanceof MessageTooLarge ? tooLarge(this.name, thrown) : thrown)
    } finally {
      release()
      call.waiting -= 1
      this.#waiting -= 1
      if (this.#isPaused && this.#waiting <= MOST_WAITING / 2) {
        this.#isPaused = false
        this.#channel.resume()
      }
    }
  }

  #answerOf({ id }: Ask, value: unknown): FromKernel {
    if (this.#deps.isMachineTime) return value === undefined ? { kind: 'answer', to: id } : { kind: 'answer', to: id, value }
    return { kind: 'answer', to: id, ...(value === undefined ? {} : { value }), now: this.#deps.now() }
  }

  /** What a worker asks may wait for days: it holds up nobody, and is counted for itself alone. */
  #answerWork(call: OpenCall, ask: Ask, size: number): void {
    if (call.waiting >= LIMITS.asksOfCall) throw new RangeError(`More than ${LIMITS.asksOfCall} questions of one worker at once.`)
    const release = this.#room.take(size)
    if (release === undefined) return this.#refuse(call, ask, tooMuchAtOnce(this.name))
    call.waiting += 1
    const answered = async (): Promise<unknown> => this.#broker.answer(call, ask)
    void answered().then(
      (value) => { this.#channel.send(this.#answerOf(ask, value)) },
      (error: unknown) => { this.#refuse(call, ask, error) },
    ).finally(() => {
      release()
      call.waiting -= 1
    })
  }

  #refuse(call: OpenCall, ask: Ask, error: unknown): void {
    call.refused(ask.id, error)
    if (error instanceof PlatformError && REFUSALS.has(error.code)) this.#lines.blame(call, 'a plugin asked for what it may not have', { asked: ask.what, code: error.code, why: error.message })
    this.#channel.send({ kind: 'refusal', to: ask.id, error: toWireError(error, this.#deps.wording) })
  }

  #over({ id, reads, cpu }: { readonly id: number; readonly reads?: WireReads; readonly cpu?: number }): OpenCall | undefined {
    const call = this.#calls.get(id)
    if (call === undefined || !('c' in call.grant)) return call
    const { origin } = CallContext.insideOf(call.grant.c)
    noteReads(origin, reads)
    // It says itself what it computed: no more than time has gone by is believed.
    const most = (performance.now() - call.since) * 1_000
    if (cpu !== undefined && cpu > 0 && this.#deps.cpu()?.counts(origin.tenant.id) === true) this.#deps.cpu()?.spend(origin.tenant.id, Math.min(cpu, most))
    return call
  }

  #isCounted(c: Context): boolean {
    return this.#deps.cpu()?.counts(CallContext.insideOf(c).origin.tenant.id) === true
  }

  /** The call's time is up, or who asked has left. */
  #watchEnd(c: Context, call: OpenCall): () => void {
    return CallContext.insideOf(c).limit.watch((reason) => { this.#giveUp(call, reason) })
  }

  /** Nobody waits at the other end of a migration, but a tenant's whole lifecycle does. */
  #limitMigration(call: OpenCall): () => void {
    const { migrationMs = LONGEST_MIGRATION_MS } = this.#deps
    const timer = setTimeout(() => {
      this.#giveUp(call, new PlatformError('PLUGIN_CALL_TIMEOUT', `A migration of plugin "${this.name.id}" ${this.name.version} took longer than ${migrationMs / 1_000} s.`, { fix: 'Await in it nothing but its statements, and change many rows with few of them.' }))
    }, migrationMs)
    return () => { clearTimeout(timer) }
  }

  /** What it still asks for this call is refused from now on. */
  #giveUp(call: OpenCall, reason: unknown): void {
    this.#channel.send({ kind: 'cancel', id: call.id, error: toWireError(reason, this.#deps.wording) })
    call.outcome.reject(reason)
    this.#isGivenUp = true
    this.#deps.gaveUp?.()
  }

  #seed(): number {
    return Buffer.from(this.#deps.randomBytes(6)).readUIntBE(0, 6)
  }
}

const LONGEST_WORK_END_MS = 4_000

/** Questions of one side that are being answered; beyond them, what it says waits in its own memory. */
const MOST_WAITING = 2_000

const OVER: WireError = { name: 'PlatformError', code: 'PLUGIN_CALL_TIMEOUT', message: 'The call is over.', fix: 'Await everything within the call.' }

function loadFailed({ id, version }: SideName, what: string): PlatformError {
  return new PlatformError('PLUGIN_LOAD_FAILED', `Plugin "${id}" ${version} could not be loaded in its process: ${what}.`, { fix: 'See its log lines; a plugin does nothing at import, and setup() only registers.' })
}

function tooLarge({ id }: SideName, cause: unknown): unknown {
  if (!(cause instanceof MessageTooLarge)) return cause
  return new PlatformError('PLUGIN_MESSAGE_TOO_LARGE', `What plugin "${id}" is to be given is more than crosses into its process: ${cause.message}`, { fix: 'Read fewer rows at a time, and pass files as references.', cause })
}

function tooMuchAtOnce({ id }: SideName): PlatformError {
  return new PlatformError('PLUGIN_MESSAGE_TOO_LARGE', `What plugin "${id}" asks at once, and has the platform hold, is more than ${LIMITS.heldBySide / 1_048_576} MiB.`, { fix: 'Await what was asked before asking for more.' })
}

function describe({ name, message, code }: WireError): string {
  return `${name === 'Error' ? '' : `${name}: `}${message}${code === undefined ? '' : ` (${code})`}`
}
