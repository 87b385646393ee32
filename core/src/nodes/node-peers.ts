import { sql } from 'kysely'
import { PlatformError } from '../errors.ts'
import { takenOver, type Operation } from '../lifecycle/journal.ts'
import type { Peers } from '../lifecycle/peers.ts'
import type { Storage } from '../storage/storage.ts'
import type { Bulletin } from './bulletin.ts'
import type { Reloadable } from './reloadable.ts'

/** Besides the wait for calls under way: until a node that died is held for dead, in milliseconds. */
const DEATH_MS = 12_000
/** How often it is looked at without having been told, in milliseconds. */
const LOOK_EVERY_MS = 500

/** What is made from. */
export interface NodePeersOptions {
  readonly own: string
  readonly storage: Pick<Storage, 'platform'>
  readonly bulletin: Bulletin
}

/** The other nodes on the same database. */
export class NodePeers implements Peers {
  readonly own: string
  readonly #options: NodePeersOptions
  #told = Promise.withResolvers<void>()

  constructor(options: NodePeersOptions) {
    this.own = options.own
    this.#options = options
  }

  /** Has those who wait for other nodes look again. */
  get held(): Reloadable {
    return {
      tables: ['operation_ack', 'node'],
      reload: async () => {
        this.#told.resolve()
        this.#told = Promise.withResolvers<void>()
      },
    }
  }

  async isAlone(): Promise<boolean> {
    return await this.#options.storage.platform.selectFrom('node').select('id').where('id', '!=', this.own).limit(1).executeTakeFirst() === undefined
  }

  async takeOver({ nobodys }: { readonly nobodys: boolean }): Promise<void> {
    const orphaned = sql<boolean>`node_id is not null and node_id not in (select id from node)`
    await this.#options.storage.platform.updateTable('operation').set({ node_id: this.own }).where(nobodys ? sql<boolean>`(node_id is null or (${orphaned}))` : orphaned).execute()
  }

  async keptOut(operation: Operation, limitMs: number): Promise<void> {
    const until = performance.now() + limitMs + DEATH_MS
    for (;;) {
      // Before looking: what is told in between must not be missed.
      const told = this.#told.promise
      const missing = await this.#missing(operation)
      if (missing.length === 0) return
      // Nobody acknowledges what is not there any more.
      if (!await this.#isOwn(operation)) throw takenOver(operation)
      const leftMs = until - performance.now()
      if (leftMs <= 0) {
        throw new PlatformError('PLUGIN_BUSY', `Plugin "${operation.pluginId}" was still at work on ${missing.map(({ host, pid }) => `${host} (process ${pid})`).join(' and ')} after ${limitMs} ms.`, {
          fix: 'Try again in a quieter moment; nothing was changed.', retryAfterSeconds: 30,
        })
      }
      await toldWithin(told, Math.min(leftMs, LOOK_EVERY_MS))
    }
  }

  async acknowledge({ tenantId, pluginId, startedAt }: Operation): Promise<void> {
    // Only as long as the operation is there, which cannot end before this is written: whoever ends it takes this away too.
    await this.#options.storage.platform.insertInto('operation_ack').columns(['tenant_id', 'plugin_id', 'started_at', 'node_id'])
      .expression((operations) => operations.selectFrom('operation').select(['tenant_id', 'plugin_id', 'started_at', sql<string>`cast(${this.own} as text)`.as('node_id')])
        .where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).where('started_at', '=', startedAt).forKeyShare())
      .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id', 'node_id']).doUpdateSet({ started_at: startedAt })).execute()
  }

  caughtUp(): Promise<void> {
    return this.#options.bulletin.caughtUp()
  }

  async #isOwn({ tenantId, pluginId, startedAt }: Operation): Promise<boolean> {
    return await this.#options.storage.platform.selectFrom('operation').select('phase').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).where('started_at', '=', startedAt).where('node_id', '=', this.own).executeTakeFirst() !== undefined
  }

  #missing({ tenantId, pluginId, startedAt }: Operation): Promise<readonly { readonly host: string; readonly pid: number }[]> {
    return this.#options.storage.platform.selectFrom('node').select(['host', 'pid']).where('id', '!=', this.own)
      .where('id', 'not in', (acks) => acks.selectFrom('operation_ack').select('node_id').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).where('started_at', '=', startedAt)).execute()
  }
}

async function toldWithin(told: Promise<void>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([told, promise])
  clearTimeout(timer)
}
