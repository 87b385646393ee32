import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'

/** One crash of a child. */
export interface Crash {
  readonly pluginId: string
  readonly version: string
  /** Which node it was on, for people. */
  readonly place: string
  /** In milliseconds since the Unix epoch. */
  readonly at: number
  readonly why: string
}

/** Crashes of longer ago are let go, in milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000
/** Longest reason that is kept, in characters. */
const LONGEST_WHY = 500

/** The crashes of children on record: those of this node count here, those of all nodes are shown. */
export class CrashLog {
  readonly #storage: Storage
  readonly #outside: Outside
  /** This node, whichever process it is just now: the machine, and what tells data folders on it apart. */
  readonly place: string

  constructor({ storage, outside, place }: { readonly storage: Storage; readonly outside: Outside; readonly place: string }) {
    this.#storage = storage
    this.#outside = outside
    this.place = place
  }

  /** Times of this node's crashes of each release that count, not before a time, by `id@version`. */
  async counting(since: number): Promise<ReadonlyMap<string, readonly number[]>> {
    const rows = await this.#storage.platform.selectFrom('plugin_crash').select(['plugin_id', 'version', 'at']).where('place', '=', this.place).where('counts', '=', 1).where('at', '>', since).orderBy('id').execute()
    return new Map([...Map.groupBy(rows, (row) => `${row.plugin_id}@${row.version}`)].map(([key, own]) => [key, own.map(({ at }) => at)]))
  }

  /** @param counts - it was its own doing, and not perhaps that of another one in the process that they share */
  async add(pluginId: string, version: string, at: number, why: string, counts = true): Promise<void> {
    const { platform } = this.#storage
    await platform.insertInto('plugin_crash').values({ plugin_id: pluginId, version, place: this.place, at, why: why.slice(0, LONGEST_WHY), counts: counts ? 1 : 0 }).execute()
    await platform.deleteFrom('plugin_crash').where('at', '<', this.#outside.now() - KEPT_MS).execute()
  }

  /** Those of one plugin, on all nodes, the latest first. */
  async of(pluginId: string, limit: number): Promise<readonly Crash[]> {
    const rows = await this.#storage.platform.selectFrom('plugin_crash').selectAll().where('plugin_id', '=', pluginId).orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
    return rows.map(crashOf)
  }

  /** Crashes on all nodes, the latest first. @param limit - 1 to 500 */
  async latest(limit: number): Promise<readonly Crash[]> {
    const rows = await this.#storage.platform.selectFrom('plugin_crash').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
    return rows.map(crashOf)
  }
}

function crashOf({ plugin_id: pluginId, version, place, at, why }: Omit<Crash, 'pluginId'> & { readonly plugin_id: string }): Crash {
  return { pluginId, version, place, at, why }
}
