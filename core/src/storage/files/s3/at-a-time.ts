/** Lets some go on and others wait until one of them has ended. */
export class AtATime {
  #free: number
  readonly #waiting: (() => void)[] = []

  /** @param most - 1 or more */
  constructor(most: number) {
    this.#free = most
  }

  async run<Result>(body: () => Promise<Result>): Promise<Result> {
    if (this.#free === 0) await new Promise<void>((go) => { this.#waiting.push(go) })
    else this.#free -= 1
    try {
      return await body()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}

/** Works on all items, some at a time. After a failure no more are begun, and the first is thrown once those under way have ended. */
export async function forEachAtATime<Item>(most: number, items: AsyncIterable<Item> | Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const under = new Set<Promise<void>>()
  const failures: unknown[] = []
  for await (const item of items) {
    if (failures.length > 0) break
    const mine: Promise<void> = work(item).catch((error: unknown) => { failures.push(error) }).finally(() => { under.delete(mine) })
    under.add(mine)
    if (under.size >= most) await Promise.race(under)
  }
  await Promise.all(under)
  if (failures.length > 0) throw failures[0]
}
