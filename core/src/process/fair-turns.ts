/** How long one is listened to between two turns of the event loop, in milliseconds: a talkative side does not keep others waiting. */
const TURN_MS = 0.5
/** How much longer than that others have their turn afterwards, where there are any: who never stops leaves them nine tenths of the time. */
const OTHERS_HAVE = 9
/** A turn of the event loop that is over sooner, in milliseconds, had nothing to do for anybody else. */
const IDLE_TURN_MS = 0.05
/** Most that one turn counts for, in milliseconds: where the machine paused in it, that was nobody's doing. */
const MOST_COUNTED_MS = 4
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
   * @param isMore - there is more of it
   */
  took(since: number, count: number, isMore: boolean): void {
    if (isMore) this.#begin()
    // What is begun for a message goes on in microtasks; a tick that is asked for among them comes after the last.
    queueMicrotask(() => {
      process.nextTick(() => { this.#count(since, count, isMore) })
    })
  }

  #count(since: number, count: number, isMore: boolean): void {
    const now = performance.now()
    const cost = Math.min(now - since, MOST_COUNTED_MS)
    this.#costOfOne += (cost / count - this.#costOfOne) * LEARNS
    this.#kept -= cost
    const isPaid = this.#kept >= 0
    this.#kept = Math.max(0, this.#kept)
    if (isMore || (!isPaid && !this.#isOthers)) this.#letOthers(now, isPaid ? 0 : cost * OTHERS_HAVE)
  }

  #begin(): void {
    this.#isOthers = true
    this.#pause()
  }

  #letOthers(since: number, owed: number): void {
    if (!this.#isOthers) this.#begin()
    setImmediate(() => {
      const now = performance.now()
      const taken = now - since
      if (taken >= IDLE_TURN_MS && taken < owed) {
        this.#letOthers(now, owed - taken)
        return
      }
      this.#isOthers = false
      this.#goOn()
    })
  }
}
