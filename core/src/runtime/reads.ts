import type { Stamp } from '../storage/changes.ts'

/** Something that is read from, and says by a stamp whether it is still as it was. */
export interface Source {
  stamp(): Stamp
}

/**
 * What was read while something was made, so that it is known whether it would be made the same again. A source is noted before it is read, with
 * the stamp it has then: what is read afterwards is as old as the stamp or newer, so that a change in between makes it count as changed.
 */
export class Reads {
  readonly #sources = new Map<Source, Stamp>()
  readonly #since: number
  #until: number
  #clocks = 0
  #isBeyond = false

  /** @param lifeMs - holds no longer than this, in milliseconds, whatever was read */
  constructor(now: number, lifeMs: number) {
    this.#since = now
    this.#until = now + lifeMs
  }

  source(source: Source): void {
    if (!this.#sources.has(source)) this.#sources.set(source, source.stamp())
  }

  /** The time was asked for; undone by {@link staysUntil} of the same asker. */
  clock(): void {
    this.#clocks += 1
  }

  /** One who asked for the time says when the time will make a difference. */
  staysUntil(moment: number): void {
    this.#clocks -= 1
    this.holdsUntil(moment)
  }

  /** It is different from a moment on, in milliseconds since the Unix epoch. */
  holdsUntil(moment: number): void {
    this.#until = Math.min(this.#until, moment)
  }

  /** Something was done that would have to be done again: chance, the network, an effect. */
  beyond(): void {
    this.#isBeyond = true
  }

  /** Whether it could hold at all: nothing was read that cannot be compared. */
  get canHold(): boolean {
    return !this.#isBeyond && this.#clocks === 0
  }

  /** Whether it would be made the same at a time, in milliseconds since the Unix epoch. */
  hold(now: number): boolean {
    if (!this.canHold || now < this.#since || now >= this.#until) return false
    for (const [source, stamp] of this.#sources) if (source.stamp() !== stamp) return false
    return true
  }
}
