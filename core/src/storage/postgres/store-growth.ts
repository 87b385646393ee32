import type { StoreKey, StoreMeter } from '../storage.ts'

/** What a store's growth is judged with. */
export interface GrowthPorts {
  /** Who limits it; `undefined` while nobody does. */
  readonly meter: () => StoreMeter | undefined
  /** Bytes that the store takes on the disk. */
  readonly measure: () => Promise<number>
  /**
   * Makes the place of what was deleted writable again, which PostgreSQL does by itself only now and then. Never fails: what it cannot reclaim stays taken.
   * @param shrinks - gives back, too, what is empty at the end of the files; only while no transaction of ours is open on them
   */
  readonly reclaim: (shrinks: boolean) => Promise<void>
}

/** What is written without looking how large the store really is, in bytes. */
const MOST_GUESSED = 256 * 1_024
/** What a row takes besides its values, in bytes: its head, its place in the page, and entries of indexes. */
const OF_A_ROW = 120
/** Rows changed in one transaction from which on its size is looked at: they may have come from other rows. */
const MANY_ROWS = 500
/** From this share of the room on what is guessed to be written is looked at. */
const NEAR_THE_END = 0.25

/**
 * Keeps one store within what its tenant may store. PostgreSQL must ask the disk for each table and index how large a store is, which takes as
 * long as a small transaction; so what is written is guessed from its values, and looked at when much has come together or little room is left.
 * Then what counts is by how much the transaction has really grown the store: what was deleted before leaves room within it, as with SQLite.
 */
export class StoreGrowth {
  readonly #key: StoreKey
  readonly #ports: GrowthPorts
  /** Bytes when it was last looked at. */
  #measured: number | undefined
  /** Bytes guessed since. */
  #guessed = 0
  /** Of the open transaction. */
  #written = 0
  #rows = 0
  /** The look from which on the open transaction's growth is known. */
  #looking: Promise<void> | undefined
  #reclaiming: Promise<void> | undefined
  /** Bytes written from which on the open transaction's growth is looked at again. */
  #nextLook = 0
  /** Something was written that was then refused, and still lies on the disk. */
  #leftOver = false

  constructor(key: StoreKey, ports: GrowthPorts) {
    this.#key = key
    this.#ports = ports
  }

  get #meter(): StoreMeter | undefined {
    const meter = this.#ports.meter()
    return meter?.isLimited(this.#key.tenantId) === true ? meter : undefined
  }

  /** To be awaited before a write. */
  ready(): Promise<void> | undefined {
    return this.#meter?.ready(this.#key.tenantId)
  }

  /**
   * A statement is about to write these values; `undefined` when there is nothing to wait for. What PostgreSQL has written once takes room until
   * it is reclaimed, also when it is rolled back: so what cannot fit, however much is free within the store, is not written at all.
   * @throws PlatformError `QUOTA_EXCEEDED`
   */
  expect(values: readonly unknown[]): Promise<void> | undefined {
    const meter = this.#meter
    const room = meter?.roomOf(this.#key.tenantId)
    if (meter === undefined || room === undefined) return undefined
    const bytes = values.reduce<number>((sum, value) => sum + sizeOf(value), this.#written)
    // As many rows as there are values, at most: what will be looked at afterwards must have been looked at before.
    const guessed = this.#guessed + bytes + OF_A_ROW * Math.max(1, values.length)
    return this.#measured === undefined || guessed > room * NEAR_THE_END ? this.#prepare(meter, bytes) : undefined
  }

  /**
   * A statement has written; `undefined` when there is nothing to wait for.
   * @throws PlatformError `QUOTA_EXCEEDED` when the store has grown by more than there is room for
   */
  note(values: readonly unknown[], rows: number): Promise<void> | undefined {
    const meter = this.#meter
    if (meter === undefined) return undefined
    this.#rows += rows
    this.#written += rows * OF_A_ROW
    for (const value of values) this.#written += sizeOf(value)
    const room = meter.roomOf(this.#key.tenantId)
    return room !== undefined && this.#written > Math.max(room, this.#nextLook) ? this.#lookAgain(meter, room) : undefined
  }

  /** Before the commit. @throws PlatformError `QUOTA_EXCEEDED` */
  async settle(): Promise<void> {
    const meter = this.#meter
    if (meter === undefined || this.#written === 0) return
    const room = meter.roomOf(this.#key.tenantId) ?? Number.MAX_SAFE_INTEGER
    const guessed = this.#guessed + this.#written
    const isLooked = this.#looking !== undefined || this.#measured === undefined || guessed > MOST_GUESSED || guessed > room * NEAR_THE_END || this.#rows > MANY_ROWS
    const measured = isLooked ? await this.#ports.measure() : this.#measured ?? 0
    try {
      meter.resize(this.#key, isLooked ? measured : measured + guessed, true)
    } catch (error) {
      this.#leftOver = true
      // Where more rows came from others than was foreseen: the next try looks first.
      if (this.#looking === undefined) this.#measured = undefined
      throw error
    }
    this.#measured = measured
    this.#guessed = isLooked ? 0 : guessed
  }

  /** The transaction is over, however it ended. */
  end(): void {
    this.#written = 0
    this.#rows = 0
    this.#nextLook = 0
    this.#looking = undefined
    this.#reclaiming = undefined
  }

  /** After the end of a transaction that failed: gives back what it had written, if it was refused for that. */
  async giveBack(): Promise<void> {
    if (!this.#leftOver) return
    this.#leftOver = false
    await this.#ports.reclaim(true)
  }

  /** The store is gone, or another one. */
  forget(): void {
    this.#measured = undefined
    this.#guessed = 0
  }

  async #prepare(meter: StoreMeter, bytes: number): Promise<void> {
    const { tenantId } = this.#key
    await (this.#looking ??= this.#look(meter))
    if (bytes <= (meter.roomOf(tenantId) ?? bytes)) return
    await (this.#reclaiming ??= this.#reclaim(meter))
    // More than the room and all that the store holds together.
    if (bytes > (meter.roomOf(tenantId) ?? bytes) + (this.#measured ?? 0)) this.#refuse(meter)
  }

  /** What is there before the transaction is there, whoever wrote it: the kernel writes beside, and what is refused is not given back at once. */
  async #look(meter: StoreMeter): Promise<void> {
    this.#measured = await this.#ports.measure()
    this.#guessed = 0
    meter.resize(this.#key, this.#measured, false)
  }

  /** PostgreSQL notes in files of the store's what is free: nothing that the transaction has asked for. */
  async #reclaim(meter: StoreMeter): Promise<void> {
    const before = await this.#ports.measure()
    await this.#ports.reclaim(false)
    this.#measured = (this.#measured ?? 0) + await this.#ports.measure() - before
    meter.resize(this.#key, this.#measured, false)
  }

  async #lookAgain(meter: StoreMeter, room: number): Promise<void> {
    const grown = await this.#ports.measure() - (this.#measured ?? 0)
    this.#nextLook = this.#written * 2
    if (grown > room) this.#refuse(meter)
  }

  #refuse(meter: StoreMeter): never {
    this.#leftOver ||= this.#written > 0
    throw meter.full(this.#key.tenantId, undefined)
  }
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value instanceof Uint8Array ? value.byteLength : 8
}
