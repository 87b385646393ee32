import { performance } from 'node:perf_hooks'

/** How long one is listened to between two turns of the event loop, in milliseconds: a talkative side does not keep others waiting. */
const TURN_MS = 0.5
/** How much longer than that others have their turn afterwards, where there are any: who never stops leaves them nine tenths of the time. */
const OTHERS_HAVE = 9
/** A turn of the event loop that is over sooner, in milliseconds, had nothing to do for anybody else: what is owed for what nobody felt is let go then. */
const IDLE_TURN_MS = 0.05
/** Where more is owed, whether anybody else is there is seen in so many milliseconds, by what part of them the event loop was at work. */
const NAP_MS = 4
const AT_WORK = 0.1
/** Most that one turn counts for besides its bytes, in milliseconds: where the machine paused in it, that was nobody's doing. */
const MOST_COUNTED_MS = 4
/** More bytes than a page may have: what is larger counts for a millisecond more for so many, since it was put together, and is collected later. */
const LARGE_BYTES = 1_048_576
const BYTES_IN_A_MS = 300_000
/** One message that took longer than this, in milliseconds, is felt by whoever waits, and could not be cut short: so many times as long, so many times more it has to be seldom. */
const FELT_MS = 4
/** Most that others are owed, in milliseconds: whoever says nothing for longer, be it that it lives, is held for hung. */
const MOST_OWED_MS = 1_000
/** Time that comes with each call that is asked for, most of it that is kept, and what there is to begin with, in milliseconds. An honest call takes a tenth of one. */
const OF_A_CALL_MS = 1
const MOST_KEPT_MS = 20
/** What one message is taken to cost before any was read, in milliseconds, and how much of what is known by then the next turn changes. */
const FIRST_GUESS_MS = 0.02
const LEARNS = 0.25

/**
 * Shares the event loop between those who say something and everybody else. What a message costs is not only to read it, but also what is done for it at
 * once, which a database in this process answers before anybody else has a turn: so a turn is measured to the end of that, and the next is as many messages
 * as fit. What comes with calls is read without delay; whoever says more than they pay for waits until others had their time, or have nothing to do.
 */
export class FairTurns {
  readonly #pause: () => void
  readonly #goOn: () => void
  #costOfOne = FIRST_GUESS_MS
  #kept = MOST_KEPT_MS
  #isOthers = false
  /** Time that others are still to have, in milliseconds, and whether it is being waited for. */
  #owed = 0
  #isWaiting = false

  /** @param goOn - others had their turn */
  constructor(pause: () => void, goOn: () => void) {
    this.#pause = pause
    this.#goOn = goOn
  }

  /** Others have their turn: nothing is to be read. */
  get isOthers(): boolean {
    return this.#isOthers
  }

  /** Messages that fit into one turn. */
  get most(): number {
    return Math.max(1, Math.floor(TURN_MS / this.#costOfOne))
  }

  /** A call was asked for: what is said for it has time of its own. */
  called(): void {
    this.#kept = Math.min(MOST_KEPT_MS, this.#kept + OF_A_CALL_MS)
  }

  /**
   * So much was read.
   * @param since - when that began, by `performance.now`
   * @param bytes - of these messages
   * @param isMore - there is more of it
   */
  took(since: number, count: number, bytes: number, isMore: boolean): void {
    if (isMore) this.#begin()
    // What is begun for a message goes on in microtasks; a tick that is asked for among them comes after the last.
    queueMicrotask(() => {
      process.nextTick(() => { this.#count(since, count, bytes, isMore) })
    })
  }

  #count(since: number, count: number, bytes: number, isMore: boolean): void {
    const now = performance.now()
    const large = bytes > LARGE_BYTES ? bytes / BYTES_IN_A_MS : 0
    const cost = Math.min(now - since, MOST_COUNTED_MS) + large
    this.#costOfOne += (cost / count - this.#costOfOne) * LEARNS
    const unpaid = Math.max(0, cost - this.#kept)
    this.#kept = Math.max(0, this.#kept - cost)
    const isFelt = count === 1 && unpaid > FELT_MS
    this.#owed = Math.min(MOST_OWED_MS, this.#owed + unpaid * OTHERS_HAVE * (isFelt ? unpaid / FELT_MS : 1))
    if ((isMore || unpaid > 0) && !this.#isWaiting) this.#letOthers(now)
  }

  #begin(): void {
    this.#isOthers = true
    this.#pause()
  }

  #letOthers(since: number): void {
    if (!this.#isOthers) this.#begin()
    this.#isWaiting = true
    setImmediate(() => {
      const now = performance.now()
      const taken = now - since
      this.#owed -= taken
      if (this.#owed <= 0 || (taken < IDLE_TURN_MS && this.#owed <= MOST_COUNTED_MS * OTHERS_HAVE)) this.#over()
      else if (taken < IDLE_TURN_MS) this.#nap(now)
      else this.#letOthers(now)
    })
  }

  /** Waits without a turn after the other, which would take the time of those who are owed it. */
  #nap(since: number): void {
    const before = performance.eventLoopUtilization()
    setTimeout(() => {
      const now = performance.now()
      this.#owed -= now - since
      if (this.#owed <= 0 || performance.eventLoopUtilization(before).utilization < AT_WORK) this.#over()
      else this.#nap(now)
    }, Math.min(NAP_MS, this.#owed))
  }

  #over(): void {
    this.#owed = 0
    this.#isOthers = this.#isWaiting = false
    this.#goOn()
  }
}
