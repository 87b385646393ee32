/** Most things that are under way at once: what a number has below this is its place. */
const MOST = 2 ** 20

/**
 * What is under way, by numbers of which none comes twice. Not a `Map`: one that is added to and taken from all the time makes a new table every few dozen times, and each that
 * V8 has left behind points to the next, so that all they held stays until the whole heap is cleared up, a kilobyte or two for each call.
 */
export class UnderWay<Value> {
  readonly #values: (Value | undefined)[] = []
  /** The number that each place had last. */
  readonly #numbers: number[] = []
  readonly #free: number[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** @param made - of its number, which is from 1 to 2^53 - 1 */
  add(made: (number: number) => Value): Value {
    const place = this.#free.pop() ?? this.#values.length
    if (place >= MOST) throw new RangeError(`More than ${MOST} things are under way at once.`)
    const number = (this.#numbers[place] ?? place) + MOST
    const value = made(number)
    this.#put(place, number, value)
    return value
  }

  /** What the other side gave a number. */
  put(number: number, value: Value): void {
    this.#put(number % MOST, number, value)
  }

  /** `undefined` for what is over, and for what never was. */
  get(number: number): Value | undefined {
    const place = number % MOST
    return this.#numbers[place] === number ? this.#values[place] : undefined
  }

  /** It is over; twice is harmless. */
  delete(number: number): void {
    const place = number % MOST
    if (this.#numbers[place] !== number || this.#values[place] === undefined) return
    this.#values[place] = undefined
    this.#free.push(place)
    this.#size -= 1
  }

  #put(place: number, number: number, value: Value): void {
    this.#numbers[place] = number
    this.#values[place] = value
    this.#size += 1
  }

  *values(): IterableIterator<Value> {
    for (const value of this.#values) if (value !== undefined) yield value
  }
}
