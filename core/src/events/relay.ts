// Longer than others: the states of a store and every step between them; apart, nobody could see that they fit.
import type { Outside } from '../outside.ts'
import type { Storage, StoreKey } from '../storage/storage.ts'
import { storeName } from '../storage/store-name.ts'
import { Alarm } from './alarm.ts'
import type { Carriage } from './carriage.ts'
import {
  dueDeliveries, hastenUntried, hasWaiting, lastPlanned, nextDueAt, nextInLine, planDeliveries, recordOutcomes, type QueuedDelivery,
} from './delivery-rows.ts'
import { describeError } from './describe-error.ts'
import { DueQueue } from './due-queue.ts'
import type { EventPorts } from './event-bus.ts'
import { isBusy, newLine, type StoreLine } from './store-line.ts'
import { unmarkIdle } from './unmark-idle.ts'
import { isPutOff, tryDelivery } from './try-delivery.ts'

/** Deliveries under way at a time, over all stores. */
const CONCURRENCY = 16
/** Steps under way at a time; each writes to another file. */
const STEPS = 8
/** Deliveries that one store takes up at a time. */
const TAKE_LIMIT = 64
/**
 * How long a store that is written to steadily is left alone between two looks, in milliseconds, so that one commit of ours serves many of its
 * events: within these bounds so many times as long as a look takes, which then costs who writes to it a fortieth of the time.
 */
const CALM = { shortestMs: 10, longestMs: 50, times: 40 } as const
/** A store that had nothing to deliver for so long loses its mark, in milliseconds. */
const IDLE_MS = 60_000
/** Wait after a step that failed (a full disk, say), in milliseconds. */
const STEP_RETRY_MS = 1_000

/** What the relay is made from. */
export interface RelayOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly ports: EventPorts
  readonly carriage: Carriage
}

/**
 * Carries events from the stores they were written in to their handlers. Each store goes through steps; a step is one
 * transaction that writes down what was delivered, makes deliveries of new events, and takes up what is due.
 */
export class Relay {
  readonly #storage: Storage
  readonly #outside: Outside
  readonly #ports: EventPorts
  readonly #carriage: Carriage
  readonly #lines = new Map<string, StoreLine>()
  readonly #due = new DueQueue<StoreLine>()
  readonly #alarm: Alarm
  readonly #busy = new Set<StoreLine>()
  #stepQueue: StoreLine[] = []
  #steps = 0
  /** Stores with something runnable, in turn, so that a full store does not keep the others waiting. */
  #rotation: StoreLine[] = []
  #running = 0
  #state: 'new' | 'running' | 'stopped' = 'new'
  #progress = Promise.withResolvers<void>()
  readonly counts = { delivered: 0, failed: 0, dead: 0 }

  constructor(options: RelayOptions) {
    this.#storage = options.storage
    this.#outside = options.outside
    this.#ports = options.ports
    this.#carriage = options.carriage
    this.#alarm = new Alarm(options.outside, () => { this.#wakeDue() })
  }

  get pendingStores(): number {
    return this.#lines.size
  }

  async start(): Promise<void> {
    if (this.#state !== 'new') return
    await this.#carriage.start({ taken: (key, dueAt, isInUse) => { this.#take(key, dueAt, isInUse) }, lost: (key) => { this.forget(key) } })
    this.#state = 'running'
    this.#pumpSteps()
    this.#alarm.set(this.#due.next)
  }

  #take(key: StoreKey, dueAt: number, isInUse: boolean): void {
    const isNew = !this.#lines.has(storeName(key))
    const line = this.#line(key)
    if (isInUse) line.lastEventAt = this.#outside.now()
    else if (isNew) line.lastEventAt = Number.NEGATIVE_INFINITY
    if (dueAt > this.#outside.now()) {
      this.#due.set(line, dueAt)
      this.#alarm.set(this.#due.next)
    } else {
      this.#request(line, 0)
    }
  }

  /** New rows may be there. */
  wake(key: StoreKey): void {
    const line = this.#line(key)
    line.isKnown = true
    line.lastEventAt = this.#outside.now()
    // The look that it waits for finds the new rows too.
    if (line.state !== 'waiting') this.#request(line, this.#calm(line))
  }

  forget(key: StoreKey): void {
    const line = this.#lines.get(storeName(key))
    if (line === undefined) return
    line.isDropped = true
    line.runnable = []
    line.finished = []
    clearTimeout(line.timer)
    this.#due.delete(line)
    this.#lines.delete(storeName(key))
    this.#busy.delete(line)
    this.#noteProgress(line)
  }

  async settle(): Promise<void> {
    for (;;) {
      this.#wakeDue()
      for (const line of this.#busy) if (line.timer !== undefined) this.#request(line, 0)
      if (this.#busy.size === 0 || this.#state !== 'running') return
      await this.#progress.promise
    }
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    this.#alarm.set(undefined)
    for (const line of this.#busy) {
      clearTimeout(line.timer)
      line.timer = undefined
      line.runnable = []
      if (line.state === 'waiting') line.state = 'idle'
    }
    this.#stepQueue = []
    while (this.#running > 0 || this.#steps > 0) await this.#progress.promise
    await unmarkIdle(this.#storage, this.#carriage, this.#lines.values(), this.#outside.now(), (line, error) => { this.#logStep(line, error) })
    this.#busy.clear()
  }

  #line(key: StoreKey): StoreLine {
    const name = storeName(key)
    let line = this.#lines.get(name)
    if (line === undefined) {
      line = newLine(key, this.#outside.now())
      this.#lines.set(name, line)
    }
    return line
  }

  #wakeDue(): void {
    if (this.#state !== 'running') return
    for (const line of this.#due.take(this.#outside.now())) this.#request(line, 0)
    this.#alarm.set(this.#due.next)
  }

  /** Milliseconds until this store may be looked at again without being looked at too often. */
  #calm(line: StoreLine): number {
    return line.steppedAt + line.calmMs - performance.now()
  }

  /** Asks for a step, in so many milliseconds. */
  #request(line: StoreLine, delayMs: number): void {
    if (this.#state === 'stopped' || line.isDropped) return
    this.#busy.add(line)
    if (line.state === 'stepping') {
      line.again = true
      line.isHurried ||= delayMs <= 0
      return
    }
    if (line.state === 'waiting' && (line.timer === undefined || delayMs > 0)) return
    clearTimeout(line.timer)
    line.timer = undefined
    line.state = 'waiting'
    if (delayMs > 0) {
      line.timer = setTimeout(() => {
        line.timer = undefined
        this.#enqueueStep(line)
      }, delayMs).unref()
    } else {
      this.#enqueueStep(line)
    }
  }

  #enqueueStep(line: StoreLine): void {
    this.#stepQueue.push(line)
    // Not at once: who has just committed goes on first, and what commits in the meantime comes along.
    setImmediate(() => { this.#pumpSteps() })
  }

  #pumpSteps(): void {
    while (this.#state === 'running' && this.#steps < STEPS) {
      const line = this.#stepQueue.shift()
      if (line === undefined) return
      if (line.isDropped) continue
      this.#steps += 1
      line.state = 'stepping'
      line.again = line.isHurried = false
      void this.#step(line).finally(() => {
        this.#steps -= 1
        line.steppedAt = performance.now()
        line.state = 'idle'
        if (line.again) this.#request(line, line.isHurried ? 0 : this.#calm(line))
        line.isHurried = false
        this.#noteProgress(line)
        // A step never waits for anything but SQLite, which waits for nobody: without a break all stores that a start finds would be
        // gone through before the first request is answered.
        setImmediate(() => { this.#pumpSteps() })
      })
    }
  }

  async #step(line: StoreLine): Promise<void> {
    const outcomes = line.finished
    line.finished = []
    try {
      if (!line.isKnown && !(await this.#exists(line))) return
      const now = this.#outside.now()
      let beganAt = 0
      const after = await this.#storage.kernelTransaction(line.key, async (tx) => {
        // Its file was replaced while this waited for its turn: the numbers held here mean other rows there.
        if (line.isDropped) throw new Error('The store was replaced.')
        if (!(await this.#carriage.confirm(tx, line.key))) return undefined
        beganAt = performance.now()
        if (line.lookedAt === undefined || now < line.lookedAt) await hastenUntried(tx, now)
        await recordOutcomes(tx, outcomes)
        const plan = await planDeliveries(tx, line.planned ?? (await lastPlanned(tx)), now, (type) => this.#ports.subscriptions(line.key.tenantId, type))
        const due = await dueDeliveries(tx, now, line.taken.size + TAKE_LIMIT)
        line.hasWaiting = await hasWaiting(tx)
        const nextAt = await nextDueAt(tx, now)
        const isIdle = line.taken.size === outcomes.length && due.length === 0 && !plan.isFull && (nextAt === undefined || nextAt > now + IDLE_MS)
        if (!isIdle || now - line.lastEventAt < IDLE_MS) return { plan, due, nextAt, isIdle, cleared: undefined }
        // Inside, because nobody else can be writing an event now.
        return { plan, due, nextAt, isIdle, cleared: await this.#carriage.release(tx, line.key, nextAt) }
      })
      if (line.isDropped) return
      if (after === undefined) {
        this.forget(line.key)
        return
      }
      line.calmMs = Math.min(CALM.longestMs, Math.max(CALM.shortestMs, CALM.times * (performance.now() - beganAt)))
      line.lookedAt = now
      line.planned = after.plan.after
      for (const { delivery } of outcomes) line.taken.delete(delivery.id)
      if (outcomes.length > 0) line.clearings += 1
      const before = line.taken.size
      for (const delivery of after.due) this.#takeUp(line, delivery)
      const isFull = line.taken.size - before >= TAKE_LIMIT
      this.#fill()
      // Not for those that were taken up before: while their handlers are slow there would be one step after the other.
      if (after.plan.isFull || isFull) line.again = line.isHurried = true
      await this.#rest(line, after.nextAt, after.isIdle, after.cleared)
    } catch (error) {
      if (line.isDropped) return
      line.finished = [...outcomes, ...line.finished]
      line.planned = undefined
      this.#logStep(line, error)
      this.#due.set(line, this.#outside.now() + STEP_RETRY_MS)
      this.#alarm.set(this.#due.next)
    }
  }

  /** Decides when a store is looked at again, or that it need not be. */
  async #rest(line: StoreLine, nextAt: number | undefined, isIdle: boolean, cleared: (() => Promise<void>) | undefined): Promise<void> {
    const now = this.#outside.now()
    const idleAt = line.lastEventAt + IDLE_MS
    const lookAt = isIdle && cleared === undefined ? (idleAt > now ? idleAt : now + IDLE_MS) : nextAt
    // What is due now and was not taken up is found by the step that the end of what was taken asks for.
    if (lookAt === undefined) this.#due.delete(line)
    else this.#due.set(line, lookAt)
    this.#alarm.set(this.#due.next)
    if (cleared === undefined) return
    // Opened by this look alone.
    if (line.lastEventAt === Number.NEGATIVE_INFINITY) this.#storage.rest(line.key)
    await cleared().catch((error: unknown) => { this.#logStep(line, error) }) // the mark stays: one look too many after a restart
    if (nextAt === undefined && !line.again && line.state === 'stepping') this.#lines.delete(storeName(line.key))
  }

  async #exists(line: StoreLine): Promise<boolean> {
    const { tenantId, pluginId } = line.key
    line.isKnown = (await this.#storage.storesOf(tenantId)).some((key) => key.pluginId === pluginId)
    if (!line.isKnown) {
      await this.#carriage.forgetMissing(line.key)
      this.forget(line.key)
    }
    return line.isKnown
  }

  #takeUp(line: StoreLine, delivery: QueuedDelivery): void {
    if (line.taken.has(delivery.id)) return
    line.taken.add(delivery.id)
    line.runnable.push(delivery)
    if (line.runnable.length === 1) this.#rotation.push(line)
    this.#busy.add(line)
  }

  #fill(): void {
    while (this.#running < CONCURRENCY && this.#state === 'running') {
      const line = this.#rotation.shift()
      if (line === undefined) return
      const delivery = line.runnable.shift()
      if (delivery === undefined) continue
      if (line.runnable.length > 0) this.#rotation.push(line)
      const shut = this.#ports.waitFor?.(line.key.tenantId, delivery.subscriber)
      if (shut === undefined) void this.#deliver(line, delivery)
      else void this.#putAside(line, delivery, shut)
    }
  }

  /** Waits in front of a plugin's gate without keeping other deliveries, and other tenants', from their places. */
  async #putAside(line: StoreLine, delivery: QueuedDelivery, shut: Promise<void>): Promise<void> {
    line.running += 1
    await shut
    line.running -= 1
    if (line.isDropped || this.#state !== 'running') return
    line.runnable.push(delivery)
    if (line.runnable.length === 1) this.#rotation.push(line)
    this.#fill()
  }

  async #deliver(line: StoreLine, delivery: QueuedDelivery): Promise<void> {
    this.#running += 1
    line.running += 1
    const outcome = await tryDelivery(line.key, delivery, this.#outside, this.#ports)
    if (outcome.kind === 'delivered') this.counts.delivered += 1
    else if (!isPutOff(outcome)) this.counts.failed += 1
    if (outcome.kind === 'dead') this.counts.dead += 1
    this.#running -= 1
    line.running -= 1
    if (!line.isDropped) {
      line.finished.push(outcome)
      // The next in line goes on without waiting for our commit: after a crash both would come again, in order.
      if (outcome.kind === 'delivered' && delivery.subject !== null && line.hasWaiting && this.#state === 'running') {
        line.running += 1
        const { clearings } = line
        const next = await nextInLine(this.#storage.kernelStore(line.key), delivery).catch(() => undefined) // the step finds it too
        line.running -= 1
        // Where something was written down meanwhile, it may be this one, taken up by a step and delivered while the answer was under way.
        if (next !== undefined && !line.isDropped && line.clearings === clearings) this.#takeUp(line, next)
      }
      // With its hands full the store may have more that is due; otherwise writing down what was done is in no hurry.
      const isStarved = line.taken.size >= TAKE_LIMIT && line.running === 0 && line.runnable.length === 0
      this.#request(line, isStarved ? 0 : this.#calm(line))
    }
    this.#fill()
    this.#noteProgress(line)
  }

  #noteProgress(line: StoreLine): void {
    if (!isBusy(line)) this.#busy.delete(line)
    this.#progress.resolve()
    this.#progress = Promise.withResolvers<void>()
  }

  #logStep(line: StoreLine, error: unknown): void {
    this.#ports.log.error({ tenant: line.key.tenantId, plugin: line.key.pluginId, error: describeError(error) }, 'events could not be read or written')
  }
}
