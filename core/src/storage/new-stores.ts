import type { Migrations } from '@liberacces/sdk'
import type { StoreKey } from './storage.ts'
import { storeName } from './store-name.ts'

/** Stores that were migrated and neither made nor run since, kept in mind at a time: administrators that switch on at the same moment. */
const MOST_EXPECTED = 1_000

interface Expected {
  readonly migrations: Migrations
  /** What the tenant ran when the store was migrated. */
  readonly during: Migrations | undefined
}

const NONE: Migrations = Object.freeze({})

/** Releases without migrations share one object, since migrations are told apart by identity. */
export function sameWhenNone(migrations: Migrations): Migrations {
  return Object.keys(migrations).length === 0 ? NONE : migrations
}

/**
 * With which migrations a store is made that is not there yet: those of the release that the tenant runs; and between a migration and
 * the moment in which the release it was made for begins to run, those.
 */
export class NewStores {
  #running: ((key: StoreKey) => Migrations | undefined) | undefined
  readonly #expected = new Map<string, Expected>()

  /** Whether stores are made at their first use. */
  get areMadeLate(): boolean {
    return this.#running !== undefined
  }

  observe(running: (key: StoreKey) => Migrations | undefined): void {
    this.#running = (key) => {
      const migrations = running(key)
      return migrations === undefined ? undefined : sameWhenNone(migrations)
    }
  }

  /** A store that is not there was migrated. */
  expect(key: StoreKey, migrations: Migrations): void {
    const name = storeName(key)
    const during = this.#running?.(key)
    this.#expected.delete(name)
    if (during === migrations) return
    const [oldest] = this.#expected.keys()
    if (oldest !== undefined && this.#expected.size >= MOST_EXPECTED) this.#expected.delete(oldest)
    this.#expected.set(name, { migrations, during })
  }

  migrationsOf(key: StoreKey): Migrations | undefined {
    const running = this.#running?.(key)
    const expected = this.#expected.get(storeName(key))
    return expected !== undefined && expected.during === running ? expected.migrations : running
  }

  /** The store is there, or is gone for good. */
  made(key: StoreKey): void {
    this.#expected.delete(storeName(key))
  }
}
