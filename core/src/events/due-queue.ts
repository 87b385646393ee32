/** Keys by the time they are due, in milliseconds since the Unix epoch; the soonest is known at once. */
export class DueQueue<Key> {
  readonly #times = new Map<Key, number>()
  // A binary heap; entries that `#times` no longer agrees with are skipped when they come up.
  #heap: { readonly key: Key; readonly at: number }[] = []

  /** Sets or moves a key's time. */
  set(key: Key, at: number): void {
    if (this.#times.get(key) === at) return
    this.#times.set(key, at)
    this.#heap.push({ key, at })
    let index = this.#heap.length - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (this.#at(parent) <= this.#at(index)) break
      this.#swap(parent, index)
      index = parent
    }
  }

  delete(key: Key): void {
    this.#times.delete(key)
  }

  get size(): number {
    return this.#times.size
  }

  /** Time of the soonest key. */
  get next(): number | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#times.get(top.key) === top.at) return top.at
      this.#pop()
    }
    return undefined
  }

  /** Takes out the keys that are due, soonest first. */
  take(now: number): readonly Key[] {
    const due: Key[] = []
    for (let next = this.next; next !== undefined && next <= now; next = this.next) {
      const top = this.#pop()
      if (top === undefined) break
      this.#times.delete(top.key)
      due.push(top.key)
    }
    return due
  }

  #pop(): { readonly key: Key; readonly at: number } | undefined {
    const top = this.#heap[0]
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return top
    this.#heap[0] = last
    let index = 0
    for (;;) {
      const left = index * 2 + 1
      let smallest = index
      if (left < this.#heap.length && this.#at(left) < this.#at(smallest)) smallest = left
      if (left + 1 < this.#heap.length && this.#at(left + 1) < this.#at(smallest)) smallest = left + 1
      if (smallest === index) return top
      this.#swap(smallest, index)
      index = smallest
    }
  }

  #at(index: number): number {
    return this.#heap[index]?.at ?? Number.POSITIVE_INFINITY
  }

  #swap(a: number, b: number): void {
    const first = this.#heap[a]
    const second = this.#heap[b]
    if (first === undefined || second === undefined) return
    this.#heap[a] = second
    this.#heap[b] = first
  }
}
