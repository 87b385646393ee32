/** What was recorded on this device and is not known to have arrived. It outlives the page and the browser. No name of a child is in it. */
import type { Mark } from '../src/attendance/mark.ts'

/** An entry that waits. */
export interface Waiting {
  readonly id: string
  readonly childId: string
  readonly unitId: string
  readonly day: string
  readonly mark: Mark
  readonly recordedAt: string
  readonly arrivedAt?: string
  readonly leftAt?: string
  readonly seen?: string
  /** Account that recorded it. */
  readonly by: string
  /** Why the platform did not take it; it waits for somebody to read that. */
  readonly refused?: string
}

const NAME = 'cantine-pointage'
const STORE = 'attente'

let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => { request.result.createObjectStore(STORE, { keyPath: 'id' }) }
    request.onsuccess = () => { resolve(request.result) }
    request.onerror = () => { reject(request.error ?? new Error('The queue cannot be opened.')) }
  })
  return opened
}

/** Runs one step and waits until it is on the disk. */
async function step<Result>(mode: IDBTransactionMode, run: (store: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
  const transaction = (await open()).transaction(STORE, mode, { durability: 'strict' })
  const request = run(transaction.objectStore(STORE))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => { resolve(request.result) }
    transaction.onabort = () => { reject(transaction.error ?? new Error('The queue could not be written.')) }
  })
}

/** Keeps an entry. What was kept before of the same id is replaced. */
export const keep = (entry: Waiting): Promise<unknown> => step('readwrite', (store) => store.put(entry))

/** Lets an entry go that has arrived. */
export const forget = (id: string): Promise<unknown> => step('readwrite', (store) => store.delete(id))

/** All that wait, in the order in which they were recorded. What scripts of other plugins wrote there is left out. */
export async function waiting(): Promise<readonly Waiting[]> {
  const found: unknown[] = await step('readonly', (store) => store.getAll())
  return found.filter(isWaiting).toSorted((a, b) => (a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : a.id < b.id ? -1 : 1))
}

function isWaiting(value: unknown): value is Waiting {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as Partial<Record<keyof Waiting, unknown>>
  return (['id', 'childId', 'unitId', 'day', 'mark', 'recordedAt', 'by'] as const).every((name) => typeof entry[name] === 'string')
}
