import type { ChangedTenants } from './reloadable.ts'

/** What somebody has changed: a table, and whose rows of it. */
export interface ChangeNotice {
  readonly table: string
  readonly tenants: ChangedTenants
}

/** Reads a notice as the triggers of `storage/change-notices.ts` write it: a table, and ids with commas between, or `*`. */
export function readNotice(payload: string): ChangeNotice | undefined {
  const [table, ids, ...more] = payload.split(' ')
  if (table === undefined || table === '' || ids === undefined || more.length > 0) return undefined
  return { table, tenants: ids === '*' ? undefined : new Set(ids.split(',')) }
}

/** Past so many tenants one reads all: asking for each would take longer. */
const MOST_TENANTS = 500

/** Notices that were not dealt with yet, put together by table. */
export class NoticePile {
  #changed = new Map<string, Set<string> | undefined>()

  get isEmpty(): boolean {
    return this.#changed.size === 0
  }

  add({ table, tenants }: ChangeNotice): void {
    const known = this.#changed.get(table)
    if (this.#changed.has(table) && known === undefined) return
    const all = tenants === undefined ? undefined : new Set([...known ?? [], ...tenants])
    this.#changed.set(table, all !== undefined && all.size > MOST_TENANTS ? undefined : all)
  }

  /** Takes all of them. */
  take(): NoticePile {
    const taken = new NoticePile()
    taken.#changed = this.#changed
    this.#changed = new Map()
    return taken
  }

  /** Puts back what could not be dealt with. */
  putBack(taken: NoticePile): void {
    for (const [table, tenants] of taken.#changed) this.add({ table, tenants })
  }

  /** What changed of some tables. @returns `undefined` when nothing did */
  of(tables: readonly string[]): { readonly tenants: ChangedTenants } | undefined {
    const changed = tables.filter((table) => this.#changed.has(table)).map((table) => this.#changed.get(table))
    if (changed.length === 0) return undefined
    return { tenants: changed.some((tenants) => tenants === undefined) ? undefined : new Set(changed.flatMap((tenants) => [...tenants ?? []])) }
  }
}
