import type { StoreKey } from '../storage.ts'
import { storeName } from '../store-name.ts'
import type { SqliteStore } from './sqlite-store.ts'

/**
 * The stores of this process: one object per store as long as anyone holds it, and at most so many open files, the least
 * recently used being closed. Past the limit a file stays open while its transaction is.
 */
export class OpenStores {
  readonly #limit: number
  readonly #open = new Map<string, SqliteStore>()
  // Two objects for one file would not see each other's transactions; so idle ones are found again, but cost nothing when forgotten.
  readonly #known = new Map<string, WeakRef<SqliteStore>>()
  readonly #forgotten = new FinalizationRegistry<string>((name) => {
    if (this.#known.get(name)?.deref() === undefined) this.#known.delete(name)
  })
  #uses = 0
  #openedTotal = 0

  /** @param limit - most files open at a time: 1 or more */
  constructor(limit: number) {
    this.#limit = limit
  }

  get openCount(): number {
    return this.#open.size
  }

  get openedTotal(): number {
    return this.#openedTotal
  }

  find(key: StoreKey): SqliteStore | undefined {
    const name = storeName(key)
    return this.#open.get(name) ?? this.#known.get(name)?.deref()
  }

  add(store: SqliteStore): void {
    const name = storeName(store.key)
    this.#known.set(name, new WeakRef(store))
    this.#forgotten.register(store, name)
  }

  touch(store: SqliteStore): void {
    store.usedAt = this.#uses += 1
  }

  /** A store's file has been opened: makes room. */
  opened(store: SqliteStore): void {
    this.#open.set(storeName(store.key), store)
    this.#openedTotal += 1
    this.trim(store)
  }

  /** Closes what is past the limit and not in use. */
  trim(keep?: SqliteStore): void {
    while (this.#open.size > this.#limit) {
      let oldest: SqliteStore | undefined
      for (const other of this.#open.values()) {
        if (other !== keep && !other.database.isBusy && (oldest === undefined || other.usedAt < oldest.usedAt)) oldest = other
      }
      if (oldest === undefined) return
      this.close(oldest)
    }
  }

  close(store: SqliteStore): void {
    store.database.close()
    this.#open.delete(storeName(store.key))
  }

  closeAll(): void {
    for (const store of this.#open.values()) store.database.close()
    this.#open.clear()
  }
}
