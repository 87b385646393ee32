/** Places to begin with; a power of two. */
const FIRST = 64

/**
 * What is under way, by numbers of which none comes twice. Not a `Map`: one that is added to and taken from all the time makes a new table every few dozen times, and each that
 * V8 has left behind points to the next, so that all they held stays until the whole heap is cleared up, a kilobyte or two for each call.
 */
export class UnderWay<Value extends object> {
  /** A number's place is what of it is below their count: no two that are under way have the same. */
  #values: (Value | undefined)[] = places(FIRST)
  #numbers: number[] = Array.from({ length: FIRST }, () => 0)
  #last = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  /** @param made - of its number, a whole one from 1 that is larger than any before */
  add(made: (number: number) => Value): Value {
    if (this.#size * 2 >= this.#values.length) this.#grow()
    do this.#last += 1
    while (this.#values[this.#placeOf(this.#last)] !== undefined)
    const number = this.#last
    const value = made(number)
    this.#numbers[this.#placeOf(number)] = number
    this.#values[this.#placeOf(number)] = value
    this.#size += 1
    return value
  }

  /** `undefined` for what is over, and for what never was. */
  get(number: number): Value | undefined {
    const place = this.#placeOf(number)
    return this.#numbers[place] === number ? this.#values[place] : undefined
  }

  /** It is over; twice is harmless. */
  delete(number: number): void {
    if (this.get(number) === undefined) return
    this.#values[this.#placeOf(number)] = undefined
    this.#size -= 1
  }

  *values(): IterableIterator<Value> {
    for (const value of this.#values) if (value !== undefined) yield value
  }

  #placeOf(number: number): number {
    return number & (this.#values.length - 1)
  }

  /** Numbers whose lower digits differ do so with one digit more. */
  #grow(): void {
    const [values, numbers] = [this.#values, this.#numbers]
    this.#values = places(values.length * 2)
    this.#numbers = Array.from({ length: values.length * 2 }, () => 0)
    for (const [index, value] of values.entries()) {
      if (value === undefined) continue
      const number = numbers[index] ?? 0
      this.#numbers[this.#placeOf(number)] = number
      this.#values[this.#placeOf(number)] = value
    }
  }
}

function places<Value>(count: number): (Value | undefined)[] {
  return Array.from({ length: count }, () => undefined)
}
