import type { StoreKey, StoreMeter } from '../storage.ts'

/** What is written without looking how large the store really is, in bytes. */
const MOST_GUESSED = 256 * 1_024
/** What a row takes besides its values, in bytes: its head, its place in the page, and entries of indexes. */
const OF_A_ROW = 120
/** Rows changed in one transaction from which on its size is looked at: they may have come from other rows. */
const MANY_ROWS = 500

/**
 * Keeps one store within what its tenant may store. PostgreSQL must ask the disk for each table and index how large a store is, which takes as
 * long as a small transaction; so what is written is guessed from its values, and looked at when much has come together or little room is left.
 */
export class StoreGrowth {
  readonly #key: StoreKey
  readonly #meterOf: () => StoreMeter | undefined
  readonly #measure: () => Promise<number>
  /** Bytes when it was last looked at. */
  #measured: number | undefined
  /** Bytes guessed since. */
  #guessed = 0
  /** Of the open transaction. */
  #written = 0
  #rows = 0

  constructor(key: StoreKey, meterOf: () => StoreMeter | undefined, measure: () => Promise<number>) {
    this.#key = key
    this.#meterOf = meterOf
    this.#measure = measure
  }

  get #isLimited(): boolean {
    return this.#meterOf()?.isLimited(this.#key.tenantId) === true
  }

  /** To be awaited before a write. */
  ready(): Promise<void> | undefined {
    return this.#isLimited ? this.#meterOf()?.ready(this.#key.tenantId) : undefined
  }

  /**
   * A statement is about to write these values. Asked before: what PostgreSQL has written once takes room until it is vacuumed, also when it is
   * rolled back.
   * @throws PlatformError `QUOTA_EXCEEDED` when they alone do not fit
   */
  expect(values: readonly unknown[]): void {
    if (!this.#isLimited) return
    const room = this.#meterOf()?.roomOf(this.#key.tenantId)
    if (room === undefined) return
    const bytes = values.reduce<number>((sum, value) => sum + sizeOf(value), this.#written)
    if (bytes > room) throw this.#meterOf()?.full(this.#key.tenantId, undefined) ?? new Error('There is no room.')
  }

  /** A statement has written. @throws PlatformError `QUOTA_EXCEEDED` when its values alone do not fit */
  note(values: readonly unknown[], rows: number): void {
    if (!this.#isLimited) return
    this.#rows += rows
    this.#written += rows * OF_A_ROW
    for (const value of values) this.#written += sizeOf(value)
    const room = this.#meterOf()?.roomOf(this.#key.tenantId)
    if (room !== undefined && this.#written > room) throw this.#meterOf()?.full(this.#key.tenantId, undefined) ?? new Error('There is no room.')
  }

  /** Before the commit. @throws PlatformError `QUOTA_EXCEEDED` */
  async settle(): Promise<void> {
    const meter = this.#meterOf()
    if (meter === undefined || !this.#isLimited || (this.#written === 0 && this.#measured !== undefined)) return
    const room = meter.roomOf(this.#key.tenantId) ?? Number.MAX_SAFE_INTEGER
    const guessed = this.#guessed + this.#written
    if (this.#measured === undefined || guessed > MOST_GUESSED || guessed * 4 > room || this.#rows > MANY_ROWS) {
      this.#measured = await this.#measure()
      this.#guessed = 0
    } else {
      this.#guessed = guessed
    }
    meter.resize(this.#key, this.#measured + this.#guessed, true)
  }

  /** The transaction is over. */
  end(): void {
    this.#written = 0
    this.#rows = 0
  }

  /** The store is gone, or another one. */
  forget(): void {
    this.#measured = undefined
    this.#guessed = 0
  }
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value instanceof Uint8Array ? value.byteLength : 8
}
