import type { LoadedRelease } from '../runtime/release.ts'

/** What the calls into one release were like of late. */
export interface CallFigures {
  /** Since this process started. */
  readonly calls: number
  readonly failures: number
  /** Time that half of the calls of the last minutes took at most, in milliseconds; `undefined` without calls. */
  readonly p50Ms: number | undefined
  /** The same of 95 of 100 calls. */
  readonly p95Ms: number | undefined
}

/** For so long times are gathered before older ones are let go, in milliseconds: figures are of the last 5 to 10 minutes. */
const SPAN_MS = 300_000
/** Two steps of a scale on which each is a quarter more than the one before: 100 of them reach from 1 µs beyond an hour. */
const STEP = Math.log(1.25)
const STEPS = 100

class Times {
  calls = 0
  failures = 0
  #since: number
  #now = new Uint32Array(STEPS)
  #before = new Uint32Array(STEPS)

  constructor(now: number) {
    this.#since = now
  }

  take(microseconds: number, now: number): void {
    this.calls += 1
    this.#turn(now)
    const step = microseconds <= 1 ? 0 : Math.min(STEPS - 1, Math.ceil(Math.log(microseconds) / STEP))
    this.#now[step] = (this.#now[step] ?? 0) + 1
  }

  /** @param share - of the calls, 0 to 1 */
  quantileMs(share: number, now: number): number | undefined {
    this.#turn(now)
    const counts = this.#now.map((count, step) => count + (this.#before[step] ?? 0))
    const total = counts.reduce((sum, count) => sum + count, 0)
    if (total === 0) return undefined
    let seen = 0
    const step = counts.findIndex((count) => (seen += count) >= share * total)
    return Math.exp(step * STEP) / 1_000
  }

  #turn(now: number): void {
    const age = now - this.#since
    if (age < SPAN_MS) return
    this.#before = age < 2 * SPAN_MS ? this.#now : new Uint32Array(STEPS)
    this.#now = new Uint32Array(STEPS)
    this.#since = now
  }
}

/** How long calls into each release take, cheap enough for every call. */
export class CallTimes {
  readonly #times = new WeakMap<LoadedRelease, Times>()

  /** A call has ended. */
  note(release: LoadedRelease, seconds: number): void {
    const now = performance.now()
    this.#timesOf(release, now).take(seconds * 1_000_000, now)
  }

  /** The plugin failed in a call. */
  failed(release: LoadedRelease): void {
    this.#timesOf(release, performance.now()).failures += 1
  }

  #timesOf(release: LoadedRelease, now: number): Times {
    let times = this.#times.get(release)
    if (times === undefined) this.#times.set(release, (times = new Times(now)))
    return times
  }

  of(release: LoadedRelease): CallFigures {
    const times = this.#times.get(release)
    const now = performance.now()
    return { calls: times?.calls ?? 0, failures: times?.failures ?? 0, p50Ms: times?.quantileMs(0.5, now), p95Ms: times?.quantileMs(0.95, now) }
  }
}
