/** Stands for the state of some data: equal only while nothing was written to it. Later ones are larger, whatever they are of. */
export type Stamp = number

let last: Stamp = 0

/** A stamp that no other equals: of data that others may change without being noticed. */
export function nextStamp(): Stamp {
  return (last += 1)
}

/** The one table that a statement writes to. */
export interface Written {
  readonly table: string
  readonly deletes: boolean
}

interface ChangesOptions {
  /** Tables that are written to all the time, and so are told apart. */
  readonly apart?: readonly string[]
  /** Those of them that others refer to: with their rows, rows of other tables are deleted. */
  readonly referredTo?: readonly string[]
  /** Whether memory is brought up to date after a commit, by those who waited for it: only then is the change over. */
  readonly isHeldInMemory?: boolean
}

/** Key of everything that is not told apart. */
const REST = ''

/**
 * Counts the changes of one database, so that what was made from it is known to be still right without making it again. Complete because one
 * process alone writes to a data folder, through the runners of statements, which note each statement that writes.
 */
export class Changes {
  readonly #stamps: Map<string, Stamp>
  readonly #referredTo: readonly string[]
  readonly #isHeldInMemory: boolean
  /** What the open transaction has written to. */
  #written: Set<string> | undefined
  /** What is not over yet. */
  #settling = new Set<string>()

  constructor({ apart = [], referredTo = [], isHeldInMemory = false }: ChangesOptions = {}) {
    this.#stamps = new Map([REST, ...apart].map((table) => [table, (last += 1)]))
    this.#referredTo = referredTo
    this.#isHeldInMemory = isHeldInMemory
  }

  /** @param written - `undefined` when anything may have been written to */
  note(written?: Written): void {
    const isApart = written !== undefined && this.#stamps.has(written.table) && !(written.deletes && this.#referredTo.includes(written.table))
    this.#move(isApart ? written.table : REST)
  }

  /**
   * A transaction begins: what it writes is true only when it commits.
   * @returns what is handed to {@link settle} when it has; `undefined` where nothing is held in memory
   */
  begin(): ReadonlySet<string> | undefined {
    if (this.#isHeldInMemory) this.#written = new Set()
    return this.#written
  }

  /** Nothing more is written by the transaction. */
  end(): void {
    this.#written = undefined
  }

  /** A committed transaction's writer is about to be told, and to bring memory up to date. */
  settle(written: ReadonlySet<string> | undefined): void {
    if (written !== undefined) for (const key of written) this.#move(key)
  }

  /** The state of all that is not told apart, and of some tables that are. */
  stamp(apart: readonly string[] = []): Stamp {
    let latest = this.#stamps.get(REST) ?? 0
    for (const table of apart) latest = Math.max(latest, this.#stamps.get(table) ?? 0)
    return latest
  }

  #move(key: string): void {
    this.#stamps.set(key, (last += 1))
    if (!this.#isHeldInMemory) return
    this.#written?.add(key)
    this.#settling.add(key)
    if (this.#settling.size > 1) return
    // What was made in between may have been made from memory that was not up to date yet. Those who bring it up to date wait for nothing else.
    setImmediate(() => {
      for (const settled of this.#settling) this.#stamps.set(settled, (last += 1))
      this.#settling.clear()
    })
  }
}
