import type { StoreKey } from '../storage.ts'
import { storeName } from '../store-name.ts'
import type { SqliteStore } from './sqlite-store.ts'

/** How many may be open at a time. */
export interface OpenLimits {
  /** Stores: 1 or more. Each takes some 100 kB, and up to its page cache more. */
  readonly stores: number
  /**
   * Their file descriptors: one for a store that is read, three for one that is written to. Asked now and then, with those that they take.
   */
  readonly descriptors: (taken: number) => number
}

interface Place {
  readonly store: SqliteStore
  /** None when it is read from a copy in memory. */
  descriptors: number
  /** Of its copy in memory. */
  copyBytes: number
  /** Its last use when the hand came by. */
  seenAt: number
  /** Where in the ring. */
  at: number
}

/** Openings after which the limit of descriptors is asked again. */
const ASK_EVERY = 64

/** A store of this size, in bytes, that is only read may keep a copy in memory instead of its descriptor; most are smaller. */
const LARGEST_COPY = 256 * 1_024
/** What all copies may take, in bytes. */
const MOST_COPIES = 64 * 1_024 * 1_024

/** Longest that a closing platform brings stores to rest, in milliseconds. */
const REST_MS = 2_000

/**
 * The stores of this process: one object per store as long as anyone holds it, and at most so many open files, those that
 * were not used for long being closed. Past the limits a file stays open while its transaction is.
 */
export class OpenStores {
  readonly #limits: OpenLimits
  readonly #open = new Map<string, Place>()
  /** The same in a ring, for the hand that goes round and closes who was not used since it came by last: no list is moved, none is sorted. */
  readonly #ring: Place[] = []
  #hand = 0
  // Two objects for one file would not see each other's transactions; so idle ones are found again, but cost nothing when forgotten.
  readonly #known = new Map<string, WeakRef<SqliteStore>>()
  readonly #forgotten = new FinalizationRegistry<string>((name) => {
    if (this.#known.get(name)?.deref() === undefined) this.#known.delete(name)
  })
  #descriptors = 0
  #copyBytes = 0
  #mostDescriptors: number | undefined
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
      const place: Place = { store, descriptors, copyBytes: 0, seenAt: store.usedAt, at: this.#ring.length }
      this.#open.set(name, place)
      this.#ring.push(place)
      if (this.#openedTotal % ASK_EVERY === 0) this.#mostDescriptors = undefined
      this.#openedTotal += 1
    } else {
      known.descriptors = descriptors
      this.#copyBytes -= known.copyBytes
      known.copyBytes = 0
    }
    this.trim(store)
  }

  /**
   * Makes room past the limits with those not in use: who was not used since the hand came by. Small ones that are only read go on from
   * a copy in memory, so that reads spread over more stores than there are descriptors do not open a file each. It looks at few on
   * average, at each twice at most.
   */
  trim(keep?: SqliteStore): void {
    for (let left = 2 * this.#ring.length; left > 0 && this.#isPastLimits; left -= 1) {
      const place = this.#ring[this.#hand % this.#ring.length]
      if (place === undefined) return
      const { store } = place
      const frees = place.descriptors > 0 || this.#hasTooMany
      if (store === keep || store.database.isBusy || store.usedAt > place.seenAt || !frees || this.#shelve(place)) {
        place.seenAt = store.usedAt
        this.#hand = (place.at + 1) % this.#ring.length
      } else {
        // Its place is taken by another, which is looked at next.
        this.#hand = place.at
        this.close(store)
      }
    }
  }

  /** Looks at the limits again: other things of the process may have come to need files. */
  look(): void {
    this.#mostDescriptors = undefined
    this.trim()
  }

  close(store: SqliteStore, rest = true): void {
    store.database.close(rest)
    const name = storeName(store.key)
    const place = this.#open.get(name)
    if (place === undefined) return
    this.#descriptors -= place.descriptors
    this.#copyBytes -= place.copyBytes
    this.#open.delete(name)
    const last = this.#ring.pop()
    if (last === undefined || last === place) return
    this.#ring[place.at] = last
    last.at = place.at
  }

  /** Closes all. Those that were written to are brought to rest as long as the time lasts; the others are at their next closing. */
  closeAll(): void {
    const until = performance.now() + REST_MS
    for (let last = this.#ring.at(-1); last !== undefined; last = this.#ring.at(-1)) this.close(last.store, performance.now() < until)
  }

  /** Whether a store gave its descriptor for a copy in memory. */
  #shelve(place: Place): boolean {
    if (this.#hasTooMany || this.#copyBytes + LARGEST_COPY > MOST_COPIES) return false
    const bytes = place.store.database.shelve(LARGEST_COPY)
    if (bytes === undefined) return false
    this.#descriptors -= place.descriptors
    this.#copyBytes += bytes
    place.descriptors = 0
    place.copyBytes = bytes
    return true
  }

  get #hasTooMany(): boolean {
    return this.#open.size > this.#limits.stores
  }

  get #isPastLimits(): boolean {
    return this.#hasTooMany || this.#descriptors > (this.#mostDescriptors ??= this.#limits.descriptors(this.#descriptors))
  }
}
