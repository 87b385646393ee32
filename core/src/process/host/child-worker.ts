import type { ConnectTarget, Context, Log, MessageValues, TenantInfo, WorkerContext, WorkerHealth } from '@liberacces/sdk'
import type { Duplex } from 'node:stream'
import { untilAborted } from '../../until-aborted.ts'
import type { Question, QuestionName, WorkerFacts } from '../protocol.ts'
import type { Asker, Asking } from './child-call.ts'
import { ChildConnection } from './child-connection.ts'
import type { ChildWorkers, WorkerHere } from './child-workers.ts'

/** One run of a worker in the plugin's own process, and what it works with. */
export class ChildWorker implements WorkerContext, Asker {
  readonly tenant: TenantInfo
  readonly settings: unknown
  readonly id: number
  readonly #name: string
  readonly #port: Asking
  readonly #workers: ChildWorkers
  readonly #here: WorkerHere
  readonly #isTold: boolean
  readonly #controller = new AbortController()
  readonly #pieces = new Map<number, (c: Context) => Promise<void>>()
  readonly #connections = new Set<ChildConnection>()
  #numbers = 0
  #now: number

  /**
   * @param id - of the call that it runs in
   * @param name - of the worker
   * @param isTold - the time is the one that comes with each answer, and not this machine's
   */
  constructor(id: number, name: string, { tenant, settings, now }: WorkerFacts, port: Asking, workers: ChildWorkers, isTold: boolean) {
    this.id = id
    this.#name = name
    this.#port = port
    this.#workers = workers
    this.#isTold = isTold
    this.#now = now
    this.tenant = Object.freeze(tenant) as TenantInfo
    this.settings = settings
    this.#here = workers.begin(tenant.slug, name, now)
    if (this.#here.state !== 'troubled') this.#say('working', undefined)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get log(): Log {
    const write = (level: keyof Log) => (message: string, detail?: Readonly<Record<string, unknown>>): void => { this.#port.log(this.id, level, message, detail) }
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  }

  now(): Date {
    return new Date(this.#isTold ? this.#now : Date.now())
  }

  tell(now: number): void {
    this.#now = now
  }

  /** It shall end. */
  cancel(reason: Error): void {
    this.#here.held = undefined
    this.#controller.abort(reason)
  }

  async run<Result>(what: string, body: (c: Context) => Promise<Result>, { timeoutMs }: { readonly timeoutMs?: number } = {}): Promise<Result> {
    this.signal.throwIfAborted()
    this.#numbers += 1
    const piece = this.#numbers
    let done: { readonly result: Result } | undefined
    // What comes of it stays here: it need not be anything that crosses.
    this.#pieces.set(piece, async (c) => { done = { result: await body(c) } })
    try {
      await this.#ask('work.run', { piece, what: what.slice(0, 200), ...(timeoutMs === undefined ? {} : { timeoutMs }) })
    } finally {
      this.#pieces.delete(piece)
    }
    if (done === undefined) throw new Error('The platform did not have it done.')
    return done.result
  }

  /** What is to be done in a call that the kernel has made for it; once. */
  piece(number: number): ((c: Context) => Promise<void>) | undefined {
    const body = this.#pieces.get(number)
    this.#pieces.delete(number)
    return body
  }

  async connect({ host, port, tls }: ConnectTarget): Promise<Duplex> {
    this.signal.throwIfAborted()
    const { ca, servername, cert, key } = tls ?? {}
    const given = { ...(ca === undefined ? {} : { ca }), ...(servername === undefined ? {} : { servername }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) }
    const connection = Number(await this.#ask('work.connect', { host, port, ...(tls === undefined ? {} : { tls: given }) }))
    const socket = new ChildConnection({
      read: async () => (await this.#ask('work.read', { connection })) as Uint8Array | null | undefined,
      write: async (bytes) => { await this.#ask('work.write', { connection, bytes }) },
      end: async () => { await this.#ask('work.end', { connection }) },
      // The run may be over, and with it the connection.
      close: () => { this.#ask('work.close', { connection }).catch(() => undefined) },
    })
    this.#connections.add(socket)
    socket.once('close', () => { this.#connections.delete(socket) })
    return socket
  }

  hold(held: unknown): void {
    if (!this.signal.aborted) this.#here.held = held
  }

  health(state: 'working' | 'troubled', message: string, values?: MessageValues): void {
    if (this.signal.aborted) return
    this.#say(state, { key: message, values })
    this.#tellKernel('work.health', { state, message })
  }

  async pause(ms?: number): Promise<boolean> {
    this.signal.throwIfAborted()
    // It may be this process that ends, while the kernel lets it pause.
    const woken = await untilAborted(this.#ask('work.pause', ms === undefined ? {} : { ms: Math.max(0, ms) }), this.signal)
    this.signal.throwIfAborted()
    return woken === true
  }

  wake(): void {
    if (!this.signal.aborted) this.#tellKernel('work.wake', {})
  }

  /** Its run is over. What is open is closed. @param isFailed - it threw, though nothing told it to end */
  over(isFailed: boolean): void {
    const { aborted } = this.signal
    this.#here.held = undefined
    for (const connection of this.#connections) connection.destroy()
    if (aborted) this.#workers.forget(this.tenant.slug, this.#name, this.#here)
    // What it said of its trouble before it threw is more to the point.
    else if (isFailed && this.#here.state !== 'troubled') this.#say('troubled', undefined)
    else if (!isFailed) this.#say('resting', undefined)
    if (!aborted) this.#controller.abort(new Error('The run of the worker is over.'))
  }

  #say(state: WorkerHealth['state'], message: WorkerHere['message']): void {
    const isSame = this.#here.state === state && this.#here.message?.key === message?.key
    Object.assign(this.#here, { state, message, since: isSame ? this.#here.since : this.now().getTime() })
  }

  #tellKernel<Name extends QuestionName>(what: Name, given: Question<Name>): void {
    // Where the run is over there is nobody who would want to know.
    this.#ask(what, given).catch(() => undefined)
  }

  #ask<Name extends QuestionName>(what: Name, given: Question<Name>): Promise<unknown> {
    return this.#port.ask(this, what, given as object)
  }
}
