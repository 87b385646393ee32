/** Work that goes on while more is prepared: only so much at a time, and what failed is told to whoever comes next. */
export class Pending {
  readonly #most: number
  readonly #works = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined

  /** @param most - how many at a time */
  constructor(most: number) {
    this.#most = most
  }

  /** Begins, and waits while there is too much. @throws what an earlier one failed with; this one has begun all the same */
  async add(work: () => Promise<void>): Promise<void> {
    const pending = work().catch((error: unknown) => { this.#failure ??= { error } }).finally(() => { this.#works.delete(pending) })
    this.#works.add(pending)
    if (this.#works.size >= this.#most) await Promise.race(this.#works)
    this.#refuse()
  }

  /** Waits for all. @throws what the first to fail failed with */
  async settle(): Promise<void> {
    await Promise.all(this.#works)
    this.#refuse()
  }

  #refuse(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }
}
