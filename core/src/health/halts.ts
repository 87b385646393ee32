import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { InTurn } from '../in-turn.ts'
import type { Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { PluginHaltRow } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'

/** That a plugin, or one release of it, may not run: on no node, for no tenant. */
export interface Halt {
  readonly pluginId: string
  /** `undefined` for every version. */
  readonly version: string | undefined
  /** `stopped` by an operator, `quarantined` because it crashed too often. */
  readonly kind: 'stopped' | 'quarantined'
  /** In milliseconds since the Unix epoch. */
  readonly since: number
  /** For operators. */
  readonly reason: string
  readonly by: string
}

/** What there may be only after the first of what is stopped was asked for: it is called when somebody changes something. */
export interface HaltsRecord {
  readonly audit: () => Audit
  /** On whose trail what concerns the whole platform is written: the Pool's. */
  readonly poolId: () => string
  /** Versions of a plugin that are here. */
  readonly versionsOf: (pluginId: string) => readonly string[]
}

interface Deps {
  readonly storage: Storage
  readonly outside: Outside
  readonly record: HaltsRecord
}

/** Longest reason, in characters. */
const LONGEST_REASON = 500

/** What may not run. Held in memory by every node, kept in the kernel's tables: it outlives restarts, and holds on all nodes. */
export class Halts {
  readonly #deps: Deps
  #byPlugin: ReadonlyMap<string, readonly Halt[]> = new Map()
  /** Quarantines of this node that are not on record yet; one that cannot be written holds here all the same. */
  #unwritten: readonly Halt[] = []
  #listeners: readonly (() => void)[] = []
  readonly #reads = new InTurn()

  private constructor(deps: Deps) {
    this.#deps = deps
  }

  static async open(deps: Deps): Promise<Halts> {
    const halts = new Halts(deps)
    await halts.#read()
    return halts
  }

  /** Another node, or a command, stops and starts beneath it. */
  get held(): Reloadable {
    return { tables: ['plugin_halt'], reload: () => this.#read() }
  }

  get isEmpty(): boolean {
    return this.#byPlugin.size === 0
  }

  /** Why a release may not run: an operator's word comes before a quarantine. */
  find(pluginId: string, version: string): Halt | undefined {
    const own = this.#byPlugin.get(pluginId)?.filter((halt) => halt.version === undefined || halt.version === version)
    return own?.find(({ kind }) => kind === 'stopped') ?? own?.[0]
  }

  /** Of all plugins, those of longest ago first. */
  get all(): readonly Halt[] {
    return [...this.#byPlugin.values()].flat().toSorted((a, b) => a.since - b.since)
  }

  /** Called whenever what may run has changed, here or on another node. Returns the remover. */
  onChange(listener: () => void): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => { this.#listeners = this.#listeners.filter((other) => other !== listener) }
  }

  /**
   * Stops a plugin, or one version of it, for all tenants on all nodes. Stopping again gives a new reason.
   * @throws PlatformError `PLUGIN_UNKNOWN`, `REQUEST_INVALID` for a reason that says nothing or too much
   */
  async stop(pluginId: string, version: string | undefined, reason: string, by: AuditActor): Promise<Halt> {
    const { storage, outside, record: { audit, poolId } } = this.#deps
    this.#requireKnown(pluginId, version)
    const why = reason.trim()
    if (why === '' || why.length > LONGEST_REASON) throw new PlatformError('REQUEST_INVALID', `A plugin is stopped for a reason of 1 to ${LONGEST_REASON} characters.`, { fix: 'Say why: those who come after you read it.', fields: { reason: `1 to ${LONGEST_REASON} characters` } })
    const row: PluginHaltRow = { plugin_id: pluginId, version: version ?? '', kind: 'stopped', since: outside.now(), reason: why, by_name: by.name, told_at: null }
    await storage.platformTransaction(async (tx) => {
      await tx.insertInto('plugin_halt').values(row).onConflict((conflict) => conflict.columns(['plugin_id', 'version', 'kind']).doUpdateSet({ reason: why, by_name: by.name })).execute()
      await audit().record({ tenantId: poolId(), actor: by, action: 'plugin.stopped', target: pluginId, detail: { ...(version === undefined ? {} : { version }), reason: why } }, tx)
    })
    await this.#read()
    return haltOf(row)
  }

  /**
   * Lets what was stopped or in quarantine run again: all of a plugin, or one version.
   * @returns what held until now
   * @throws PlatformError `PLUGIN_UNKNOWN`; `PLUGIN_STATE` when nothing holds, or what holds is wider than what shall start
   */
  async start(pluginId: string, version: string | undefined, by: AuditActor): Promise<readonly Halt[]> {
    const { storage, record: { audit, poolId } } = this.#deps
    await this.#read()
    const holding = this.#byPlugin.get(pluginId) ?? []
    const over = holding.filter((halt) => version === undefined || halt.version === version)
    const unwritten = this.#unwritten
    this.#unwritten = unwritten.filter((halt) => !over.includes(halt))
    if (over.length === 0) {
      this.#requireKnown(pluginId, version)
      throw holding.some((halt) => halt.version === undefined)
        ? new PlatformError('PLUGIN_STATE', `"${pluginId}" was stopped as a whole, not ${version ?? ''} alone.`, { fix: `Start all of it: liberacces plugin start ${pluginId}` })
        : new PlatformError('PLUGIN_STATE', `Nothing keeps "${pluginId}"${version === undefined ? '' : ` ${version}`} from running.`, { fix: 'See `liberacces plugin list`.' })
    }
    await storage.platformTransaction(async (tx) => {
      for (const halt of over) {
        const { numDeletedRows } = await tx.deleteFrom('plugin_halt').where('plugin_id', '=', pluginId).where('version', '=', halt.version ?? '').where('kind', '=', halt.kind).executeTakeFirst()
        // Another node may have been first; a quarantine may be on record nowhere yet.
        if (numDeletedRows > 0n || unwritten.includes(halt)) await audit().record({ tenantId: poolId(), actor: by, action: 'plugin.started', target: pluginId, detail: { ...(halt.version === undefined ? {} : { version: halt.version }), was: halt.kind } }, tx)
      }
      // Whoever starts it again knows of its crashes: counting begins anew.
      await tx.updateTable('plugin_crash').set({ counts: 0 }).where('plugin_id', '=', pluginId).$if(version !== undefined, (query) => query.where('version', '=', version ?? '')).execute()
    })
    await this.#read()
    return over
  }

  /** Puts a release into quarantine, on all nodes; harmless when it is there. It holds here at once, before it is written. */
  async quarantine(pluginId: string, version: string, why: string, by: AuditActor): Promise<void> {
    const { storage, outside, record: { audit, poolId } } = this.#deps
    if (this.#byPlugin.get(pluginId)?.some((halt) => halt.kind === 'quarantined' && halt.version === version) === true) return
    const row: PluginHaltRow = { plugin_id: pluginId, version, kind: 'quarantined', since: outside.now(), reason: why.slice(0, LONGEST_REASON), by_name: by.name, told_at: null }
    const halt = haltOf(row)
    this.#unwritten = [...this.#unwritten, halt]
    this.#hold([...this.all, halt])
    await storage.platformTransaction(async (tx) => {
      const { numInsertedOrUpdatedRows } = await tx.insertInto('plugin_halt').values(row).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      // Another node may have been first.
      if ((numInsertedOrUpdatedRows ?? 0n) > 0n) await audit().record({ tenantId: poolId(), actor: by, action: 'plugin.quarantined', target: pluginId, detail: { version, reason: row.reason } }, tx)
    })
    this.#unwritten = this.#unwritten.filter((other) => other !== halt)
    await this.#read()
  }

  #requireKnown(pluginId: string, version: string | undefined): void {
    const versions = this.#deps.record.versionsOf(pluginId)
    if (versions.length > 0 && (version === undefined || versions.includes(version))) return
    throw new PlatformError('PLUGIN_UNKNOWN', `No plugin "${pluginId}"${version === undefined || versions.length === 0 ? '' : ` ${version}`} is in the catalogue.`, { fix: versions.length > 0 ? `Choose one of: ${versions.join(', ')}.` : 'See `liberacces plugin list`.' })
  }

  /** One after the other: of two that overlap the one that saw less could come last. */
  #read(): Promise<void> {
    return this.#reads.take('', async () => {
      const rows = await this.#deps.storage.platform.selectFrom('plugin_halt').selectAll().execute()
      this.#hold([...rows.map(haltOf), ...this.#unwritten])
    })
  }

  #hold(halts: readonly Halt[]): void {
    this.#byPlugin = Map.groupBy(halts, ({ pluginId }) => pluginId)
    for (const listener of this.#listeners) listener()
  }
}

function haltOf(row: PluginHaltRow): Halt {
  return { pluginId: row.plugin_id, version: row.version === '' ? undefined : row.version, kind: row.kind, since: row.since, reason: row.reason, by: row.by_name }
}
