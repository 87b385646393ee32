import type { Kysely } from 'kysely'
import type { StoreKey } from '../storage/storage.ts'
import type { StoreTables } from '../storage/store-tables.ts'

/** What becomes of stores that events are to be carried from. */
export interface CarriageListener {
  /**
   * This process carries the events of a store from now on.
   * @param dueAt - when to look at it, in milliseconds since the Unix epoch; 0 for at once
   * @param isInUse - something was just written to it, and more may come soon; else it is let go as soon as nothing is due
   */
  taken(key: StoreKey, dueAt: number, isInUse: boolean): void
  /** Another process carries them, or none: whatever is known of the store is forgotten, and what is under way is not written down. */
  lost(key: StoreKey): void
}

/**
 * Which process carries the events of which store: one at a time. What it knows is durable, so that a store with undelivered events is found
 * after a crash among tens of thousands, without opening them.
 */
export interface Carriage {
  /** Where several nodes share a database: what it knows this one by. */
  readonly here?: string | undefined
  /** Begins to tell which stores to carry. */
  start(listener: CarriageListener): Promise<void>
  /** Inside the transaction that writes an event, before it does. When it rejects, the event is not written. `undefined` when there is nothing to wait for. */
  beforeEvent(key: StoreKey): Promise<void> | undefined
  /** Notes durably that a store may hold something to deliver, before that is written. */
  mark(key: StoreKey): Promise<void>
  /** Whether this process carries the events of a store, or may: then it is told of its commits. */
  isHere(key: StoreKey): boolean
  /** Something to deliver was written to a store that is not carried here: has whoever carries it look, or somebody take it up. */
  wakeElsewhere(key: StoreKey): void
  /**
   * Makes sure, first in each transaction in which events of a store are carried on, that this process still carries them.
   * @returns whether it does
   */
  confirm(tx: Kysely<StoreTables>, key: StoreKey): Promise<boolean>
  /**
   * Ends carrying for now, inside a transaction on the store that saw that nothing is due, and in which nobody else can be writing an event.
   * @param dueAt - when the store has something to deliver again; `undefined` for never
   * @returns to be called once the transaction has committed, and awaited; `undefined` when the store is just being marked, and is carried on
   */
  release(tx: Kysely<StoreTables>, key: StoreKey, dueAt: number | undefined): Promise<(() => Promise<void>) | undefined>
  /** Whether it is on record that this process must look at a store. */
  isMarked(key: StoreKey): boolean
  /** A store is gone, and its record with it. */
  forget(key: StoreKey): void
  /** A store that is on record does not exist: takes the record away. */
  forgetMissing(key: StoreKey): Promise<void>
  /** Takes up what is due and nobody's. Resolves to whether there was any. For tests and shutdown. */
  takeDue(): Promise<boolean>
  /** Hands over what is still carried, and ends. */
  stop(): Promise<void>
}
