import type { StoreKey } from '../storage/storage.ts'
import type { Outcome, QueuedDelivery } from './delivery-rows.ts'

/** What the relay holds in memory of one store that has, or may have, something to deliver. */
export interface StoreLine {
  readonly key: StoreKey
  /** Rows taken up and not yet written down as done. */
  readonly taken: Set<number>
  /** How often `taken` was cleared of what was written down. */
  clearings: number
  /** Taken up, and waiting for a free place. */
  runnable: QueuedDelivery[]
  running: number
  finished: Outcome[]
  /** `waiting`: a step will come soon; `stepping`: one is under way. */
  state: 'idle' | 'waiting' | 'stepping'
  /** Something happened that the step under way may not have seen. */
  again: boolean
  /** That something cannot wait until the store has calmed down. */
  isHurried: boolean
  timer: NodeJS.Timeout | undefined
  /** When the last step ended, by the process's own clock, in milliseconds. */
  steppedAt: number
  /** Shortest time until the next step that is in no hurry, in milliseconds. */
  calmMs: number
  /** When something was last written, by the given clock; minus infinity when nothing was in this run. */
  lastEventAt: number
  /** When it was last looked at, by the given clock; `undefined` before that. */
  lookedAt: number | undefined
  /** Where planning stands; `undefined` until looked up. */
  planned: number | undefined
  /** Whether the last step left a delivery behind another. */
  hasWaiting: boolean
  /** Whether the file was seen to exist. */
  isKnown: boolean
  isDropped: boolean
}

export function newLine(key: StoreKey, now: number): StoreLine {
  return {
    key, taken: new Set(), clearings: 0, runnable: [], running: 0, finished: [], state: 'idle', again: false, isHurried: false, timer: undefined,
    steppedAt: Number.NEGATIVE_INFINITY, calmMs: 0, lastEventAt: now, lookedAt: undefined, planned: undefined, hasWaiting: false, isKnown: false, isDropped: false,
  }
}

/** Whether anything of this store is under way or about to be. */
export function isBusy(line: StoreLine): boolean {
  return line.state !== 'idle' || line.running > 0 || line.runnable.length > 0 || line.finished.length > 0
}
