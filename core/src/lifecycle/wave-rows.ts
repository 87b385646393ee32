import { PlatformError } from '../errors.ts'
import type { Storage } from '../storage/storage.ts'
import type { WaveReport } from './wave-report.ts'

/** What is on record of waves: the latest of each plugin, whichever node runs it. */
export class WaveRows {
  readonly #storage: Pick<Storage, 'platform' | 'platformTransaction'>
  readonly #own: string
  readonly #hasPeers: boolean

  /** @param own - this process: a wave of another one is over, unless that is a node that lives. @param hasPeers - whether there can be other nodes */
  constructor(storage: Pick<Storage, 'platform' | 'platformTransaction'>, own: string, hasPeers: boolean) {
    this.#storage = storage
    this.#own = own
    this.#hasPeers = hasPeers
  }

  /** @returns `false` while one of this plugin is under way */
  async begin(report: WaveReport): Promise<boolean> {
    const { pluginId } = report
    return await this.#storage.platformTransaction(async (tx) => {
      // Of two nodes the second waits here, and finds what the first wrote.
      await tx.insertInto('wave').values({ plugin_id: pluginId, run_by: null, report_json: '' }).onConflict((conflict) => conflict.column('plugin_id').doUpdateSet({ plugin_id: pluginId })).execute()
      const row = await tx.selectFrom('wave').select('run_by').where('plugin_id', '=', pluginId).executeTakeFirstOrThrow()
      if (row.run_by !== null && (await this.#living(tx)).has(row.run_by)) return false
      await tx.updateTable('wave').set({ run_by: this.#own, stop_asked: 0, report_json: JSON.stringify(report) }).where('plugin_id', '=', pluginId).execute()
      return true
    })
  }

  /**
   * Whether the wave is still this process's: one that was held for dead has lost its waves, also when nobody else has begun them again.
   * @throws PlatformError `PLUGIN_BUSY`
   */
  async requireOwn(pluginId: string): Promise<void> {
    if (await this.#storage.platform.selectFrom('wave').select('run_by').where('plugin_id', '=', pluginId).where('run_by', '=', this.#own).executeTakeFirst() !== undefined) return
    throw new PlatformError('PLUGIN_BUSY', `This node was held for dead by the others, and its wave of "${pluginId}" has ended.`, { fix: 'Begin it again where none is under way: it goes on with the tenants that have not moved. If it happens again, look at the network between this node and the database.' })
  }

  async note(report: WaveReport): Promise<void> {
    await this.#ofOwn(report).set({ report_json: JSON.stringify(report) }).execute()
  }

  async end(report: WaveReport): Promise<void> {
    await this.#ofOwn(report).set({ run_by: null, report_json: JSON.stringify(report) }).execute()
  }

  /** The latest of each plugin, or of one. One whose node died meanwhile has ended then, and says so. */
  async list(pluginId?: string): Promise<readonly (WaveReport & { readonly node?: string })[]> {
    const query = this.#storage.platform.selectFrom('wave').selectAll().where('report_json', '!=', '').orderBy('plugin_id')
    const rows = await (pluginId === undefined ? query : query.where('plugin_id', '=', pluginId)).execute()
    if (rows.length === 0) return []
    const living = await this.#living(this.#storage.platform)
    return rows.map(({ run_by: node, report_json: text }) => {
      const report = JSON.parse(text) as WaveReport
      if (node === null && report.endedAt !== undefined) return report
      if (node !== null && living.has(node)) return { ...report, node }
      return { ...report, endedAt: report.endedAt ?? report.startedAt, error: report.error ?? 'The process that ran it has ended. Start it again: it goes on with the tenants that have not moved.' }
    })
  }

  /** @returns how it stands; `undefined` when none is under way */
  async askToStop(pluginId: string): Promise<WaveReport | undefined> {
    const [wave] = await this.list(pluginId)
    if (wave?.node === undefined) return undefined
    await this.#storage.platform.updateTable('wave').set({ stop_asked: 1 }).where('plugin_id', '=', pluginId).where('run_by', '=', wave.node).execute()
    return wave
  }

  /** Plugins whose waves of this process somebody wants to end. */
  async askedToStop(): Promise<readonly string[]> {
    const rows = await this.#storage.platform.selectFrom('wave').select('plugin_id').where('run_by', '=', this.#own).where('stop_asked', '=', 1).execute()
    return rows.map((row) => row.plugin_id)
  }

  #ofOwn({ pluginId }: WaveReport) {
    return this.#storage.platform.updateTable('wave').where('plugin_id', '=', pluginId).where('run_by', '=', this.#own)
  }

  async #living(from: Pick<Storage['platform'], 'selectFrom'>): Promise<ReadonlySet<string>> {
    const nodes = this.#hasPeers ? await from.selectFrom('node').select('id').execute() : []
    return new Set([this.#own, ...nodes.map(({ id }) => id)])
  }
}
