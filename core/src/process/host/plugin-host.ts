import type { Plugin } from '@liberacces/sdk'
import { collectRegistrations, type Registrations } from '@liberacces/sdk/host'
import type { Duplex } from 'node:stream'
import { PlatformError } from '../../errors.ts'
import { CpuShares, type CountedCall } from '../../runtime/cpu-shares.ts'
import { boundedDetail } from '../../runtime/bounded-detail.ts'
import type { KyselyOn } from '../../storage/direct-kysely.ts'
import { openChannel, type Channel } from '../channel.ts'
import { MessageTooLarge } from '../message-too-large.ts'
import { LIMITS, PROTOCOL_VERSION, type Call, type FromKernel, type FromPlugin, type Hello, type WorkerFacts } from '../protocol.ts'
import { UnderWay } from '../under-way.ts'
import { refusalOf, toWireError } from '../wire-error.ts'
import { ChildCall, type Asker, type Asking } from './child-call.ts'
import { ChildContext, type PluginHere } from './child-context.ts'
import { ChildDatabase } from './child-database.ts'
import { ChildWorker } from './child-worker.ts'
import { ChildWorkers } from './child-workers.ts'
import { describePlugin } from './describe-plugin.ts'
import { KnownPlaces } from './known-places.ts'
import { runTarget } from './run-target.ts'

/** What the program around it does. */
export interface HostDeps {
  /** The plugin that the kernel wants run. */
  readonly load: (hello: Hello) => Promise<Plugin>
  readonly kyselyOn: (dialect: Hello['dialect']) => KyselyOn
  /** Tells of what Node did not let the plugin do. @defaultValue nothing is told */
  readonly watchDenials?: (denied: (what: string) => void) => void
  /** Shares out computing time. @defaultValue its own; one thread has one */
  readonly shares?: CpuShares
  /** Around whatever is done for the plugin. @defaultValue nothing */
  readonly within?: (body: () => void) => void
  /** The plugin is loaded. */
  readonly opened?: () => void
  /** It is over: the kernel said so, or is gone. */
  readonly ended: () => void
}

interface Asked {
  readonly id: number
  readonly by: Asker
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A plugin that is here. */
interface Here extends PluginHere {
  readonly registrations: Registrations
  readonly hello: Hello
}

/** Runs one plugin for a kernel at the other end of a stream. */
export function hostPlugin(stream: Duplex, deps: HostDeps): void {
  new PluginHost(stream, deps)
}

class PluginHost implements Asking {
  readonly #deps: HostDeps
  readonly #channel: Channel<FromPlugin>
  readonly #shares: CpuShares
  readonly #calls = new UnderWay<ChildCall>()
  readonly #works = new Map<number, ChildWorker>()
  readonly #asked = new UnderWay<Asked>()
  /** Numbers of the kernel's refusals, so that one which is let pass is known there as what it was. */
  readonly #refusals = new WeakMap<object, number>()
  readonly #places = new KnownPlaces()
  #here: Here | undefined

  constructor(stream: Duplex, deps: HostDeps) {
    const { within } = this.#deps = deps
    this.#shares = deps.shares ?? new CpuShares()
    this.#channel = openChannel<FromKernel, FromPlugin>(
      stream,
      { json: LIMITS.toPluginJson, message: LIMITS.toPlugin, outgoingJson: LIMITS.fromPluginJson, outgoing: LIMITS.fromPlugin },
      // Who runs this is trusted by it.
      { parse: (message) => message as unknown as FromKernel, heard: within === undefined ? (message) => { this.#hear(message) } : (message) => { within(() => { this.#hear(message) }) }, ended: deps.ended },
    )
  }

  /** Once the plugin is about to run: what its host does before is nobody's attempt. */
  #watch(): void {
    this.#deps.watchDenials?.((what) => { this.#channel.send({ kind: 'denied', what: what.slice(0, 500) }) })
  }

  ask(by: Asker, what: string, given: object): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const { id } = this.#asked.add((number) => ({ id: number, by, resolve, reject }))
    try {
      this.#channel.send({ kind: 'ask', id, call: by.id, what, with: given } as FromPlugin, this.#calls.size === 1)
    } catch (error) {
      this.#asked.delete(id)
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    return promise
  }

  refusalNumber(error: unknown): number | undefined {
    return typeof error === 'object' && error !== null ? this.#refusals.get(error) : undefined
  }

  log(call: number, level: 'debug' | 'info' | 'warn' | 'error', message: string, detail: unknown): void {
    const line = { kind: 'log' as const, call, level, message: String(message).slice(0, 10_000) }
    try {
      this.#channel.send(detail === undefined ? line : { ...line, detail: boundedDetail(tellable(detail)) })
    } catch {
      // It goes in circles: the line is worth more than its detail.
      this.#channel.send(line)
    }
  }

  #hear(message: FromKernel): void {
    switch (message.kind) {
      case 'hello': void this.#open(message); break
      case 'call': void this.#run(message); break
      case 'cancel': this.#find(message.id)?.cancel(refusalOf(message.error)); break
      case 'answer': {
        const asked = this.#take(message.to)
        if (message.now !== undefined) asked?.by.tell(message.now)
        asked?.resolve(message.value)
        break
      }
      case 'refusal': {
        const asked = this.#take(message.to)
        const error = refusalOf(message.error)
        this.#refusals.set(error, message.to)
        asked?.reject(error)
        break
      }
      case 'ping': this.#channel.send({ kind: 'pong', id: message.id }); break
      case 'stop':
        this.#channel.close()
        this.#deps.ended()
        break
      default: message satisfies never
    }
  }

  /** By the kernel's number: it is seldom asked for. */
  #find(id: number): ChildCall | ChildWorker | undefined {
    const worker = this.#works.get(id)
    if (worker !== undefined) return worker
    for (const call of this.#calls.values()) if (call.id === id) return call
    return undefined
  }

  #take(id: number): Asked | undefined {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    return asked
  }

  async #open(hello: Hello): Promise<void> {
    try {
      if (hello.protocol !== PROTOCOL_VERSION) throw new Error(`The kernel speaks version ${hello.protocol} of the protocol, this program version ${PROTOCOL_VERSION}.`)
      this.#watch()
      const plugin = await this.#deps.load(hello)
      const registrations = collectRegistrations(plugin)
      const database = new ChildDatabase(this.#deps.kyselyOn(hello.dialect), `plugin "${plugin.id}"`)
      this.#here = { plugin, registrations, hello, database, workers: new ChildWorkers(), messages: { manifest: { id: plugin.id }, plugin } }
      this.#channel.send({ kind: 'ready', protocol: PROTOCOL_VERSION, description: describePlugin(plugin, registrations) })
      this.#deps.opened?.()
    } catch (error) {
      this.#channel.send({ kind: 'unready', protocol: PROTOCOL_VERSION, error: toWireError(error, { stack: this.#stackOf(hello) }) })
    }
  }

  async #run(call: Call): Promise<void> {
    const here = this.#here
    if (here === undefined) return
    const { hello } = here
    const { id, target, input } = call
    if (target.at === 'worker') return this.#work(here, id, target.index, input as WorkerFacts)
    const childCall = this.#calls.add((key) => new ChildCall(key, call, this.#places.of(call), this, hello.clock === 'told'))
    const counted = call.counted === true ? this.#shares.begin() : undefined
    if (counted === undefined) this.#shares.beginUncounted()
    let outcome: object | undefined
    // Told twice where what the plugin answered cannot be sent; it ends once.
    const ended = (): object => (outcome ??= this.#outcome(childCall, counted))
    const deps = { ...here, context: () => new ChildContext(here, childCall), migrating: (dialect: Hello['dialect']) => here.database.of(childCall, this.#deps.kyselyOn(dialect)), csrfToken: hello.csrfToken, piece: (work: number, piece: number) => this.#works.get(work)?.piece(piece) }
    try {
      const value = await (counted === undefined ? runTarget(deps, target, input) : this.#shares.run(counted, () => runTarget(deps, target, input)))
      this.#calls.delete(childCall.key)
      this.#sendResult({ kind: 'result', ...ended(), ...(value === undefined ? {} : { value }) } as FromPlugin)
    } catch (error) {
      this.#calls.delete(childCall.key)
      this.#channel.send({ kind: 'failure', ...ended(), error: toWireError(error, { passed: (one) => this.#refusals.get(one), stack: this.#stackOf(hello) }) } as FromPlugin)
    }
  }

  /** @throws PlatformError `PLUGIN_ANSWER_INVALID` for what is more than crosses at once */
  #sendResult(result: FromPlugin): void {
    try {
      this.#channel.send(result, this.#calls.size === 0)
    } catch (cause) {
      if (!(cause instanceof MessageTooLarge)) throw cause
      throw new PlatformError('PLUGIN_ANSWER_INVALID', cause.message, { fix: 'Answer with less at a time, such as by pages, and with files as references.', cause })
    }
  }

  /** Runs a worker, for as long as it does. */
  async #work({ registrations, hello, workers }: Here, id: number, index: number, facts: WorkerFacts): Promise<void> {
    const registered = registrations.workers[index]
    const worker = new ChildWorker(id, registered?.id ?? '', facts, this, workers, hello.clock === 'told')
    this.#works.set(id, worker)
    try {
      if (registered === undefined) throw new Error(`This plugin has no worker ${index}.`)
      await (registered.run as unknown as (w: ChildWorker) => Promise<void>)(worker)
      worker.over(false)
      this.#channel.send({ kind: 'result', id })
    } catch (error) {
      worker.over(true)
      this.#channel.send({ kind: 'failure', id, error: toWireError(error, { passed: (one) => this.#refusals.get(one), stack: this.#stackOf(hello) }) })
    } finally {
      this.#works.delete(id)
    }
  }

  #outcome(call: ChildCall, counted: CountedCall | undefined): object {
    if (counted === undefined) this.#shares.endUncounted()
    const reads = call.told
    return { id: call.id, ...(counted === undefined ? {} : { cpu: this.#shares.end(counted) }), ...(reads === undefined ? {} : { reads }) }
  }

  /** The frames within the plugin's own code: what else is on this machine is nobody's business. */
  #stackOf({ file }: Hello): (stack: string) => string | undefined {
    return (stack) => {
      const frames = stack.split('\n').filter((line) => line.includes(file) && line.trimStart().startsWith('at '))
      return frames.length === 0 ? undefined : frames.join('\n')
    }
  }
}

/** Errors have nothing that JSON would tell. */
function tellable(detail: unknown): unknown {
  if (typeof detail !== 'object' || detail === null) return detail
  return Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, value instanceof Error ? toWireError(value) : value]))
}
