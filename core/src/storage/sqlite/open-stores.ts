import type { StoreKey } from '../storage.ts'
import { storeName } from '../store-name.ts'
import type { SqliteStore } from './sqlite-store.ts'

/** How many may be open at a time. */
export interface OpenLimits {
  /** Stores: 1 or more. Each takes some 100 kB, and up to its page cache more. */
  readonly stores: number
  /** Their file descriptors: one for a store that is read, three for one that is written to. */
  readonly descriptors: number
}

interface Place {
  readonly store: SqliteStore
  descriptors: number
  /** Its last use when it was put here. */
  since: number
}

/** Longest that a closing platform brings stores to rest, in milliseconds. */
const REST_MS = 2_000

/**
 * The stores of this process: one object per store as long as anyone holds it, and at most so many open files, those that
 * were not used for long being closed. Past the limits a file stays open while its transaction is.
 */
export class OpenStores {
  readonly #limits: OpenLimits
  /** The longest opened first, unless it was used since it came here; then it is brought to the end when its turn to be closed has come. */
  readonly #open = new Map<string, Place>()
  // Two objects for one file would not see each other's transactions; so idle ones are found again, but cost nothing when forgotten.
  readonly #known = new Map<string, WeakRef<SqliteStore>>()
  readonly #forgotten = new FinalizationRegistry<string>((name) => {
    if (this.#known.get(name)?.deref() === undefined) this.#known.delete(name)
  })
  #descriptors = 0
  #uses = 0
  #openedTotal = 0

  constructor(limits: OpenLimits) {
    this.#limits = limits
  }

  get openCount(): number {
    return this.#open.size
  }

  /** File descriptors that the open stores take. */
  get descriptors(): number {
    return this.#descriptors
  }

  get openedTotal(): number {
    return this.#openedTotal
  }

  find(key: StoreKey): SqliteStore | undefined {
    const name = storeName(key)
    return this.#open.get(name)?.store ?? this.#known.get(name)?.deref()
  }

  add(store: SqliteStore): void {
    const name = storeName(store.key)
    this.#known.set(name, new WeakRef(store))
    this.#forgotten.register(store, name)
  }

  touch(store: SqliteStore): void {
    store.usedAt = this.#uses += 1
  }

  /** A store's file has been opened, or takes another number of descriptors: makes room. */
  opened(store: SqliteStore, descriptors: number): void {
    const name = storeName(store.key)
    const known = this.#open.get(name)
    this.#descriptors += descriptors - (known?.descriptors ?? 0)
    if (known === undefined) {
      this.#open.set(name, { store, descriptors, since: store.usedAt })
      this.#openedTotal += 1
    } else {
      known.descriptors = descriptors
    }
    this.trim(store)
  }

  /** Closes what is past the limits and not in use. A store that was used stays for another turn, so that few are looked at on average. */
  trim(keep?: SqliteStore): void {
    for (let left = 2 * this.#open.size; left > 0 && this.#isPastLimits; left -= 1) {
      const [oldest] = this.#open
      if (oldest === undefined) return
      const [name, place] = oldest
      const { store } = place
      if (store === keep || store.database.isBusy || store.usedAt > place.since) {
        place.since = store.usedAt
        this.#open.delete(name)
        this.#open.set(name, place)
      } else {
        this.close(store)
      }
    }
  }

  close(store: SqliteStore, rest = true): void {
    store.database.close(rest)
    const name = storeName(store.key)
    this.#descriptors -= this.#open.get(name)?.descriptors ?? 0
    this.#open.delete(name)
  }

  /** Closes all. Those that were written to are brought to rest as long as the time lasts; the others are at their next closing. */
  closeAll(): void {
    const until = performance.now() + REST_MS
    for (const { store } of this.#open.values()) this.close(store, performance.now() < until)
  }

  get #isPastLimits(): boolean {
    return this.#open.size > this.#limits.stores || this.#descriptors > this.#limits.descriptors
  }
}
