import type { Storage, StoreKey, TableSize } from '../storage/storage.ts'

/** What is in a plugin's store. */
export interface StoreContent {
  /** The plugin's own tables, by name. */
  readonly tables: readonly TableSize[]
  /** Events of its own that somebody has not received yet. */
  readonly undelivered: number
  /** Deliveries of its events that were given up. */
  readonly dead: number
  /** Files it refers to. */
  readonly files: number
}

/** Nothing: what a plugin has that never stored anything. */
const NO_CONTENT: StoreContent = { tables: [], undelivered: 0, dead: 0, files: 0 }

/** Looks into a store; {@link NO_CONTENT} where there is none. */
export async function storeContent(storage: Storage, { tenantId, pluginId }: StoreKey): Promise<StoreContent> {
  if (!(await storage.storesOf(tenantId)).some((key) => key.pluginId === pluginId)) return NO_CONTENT
  const db = storage.kernelStore({ tenantId, pluginId })
  const tables = await storage.tablesOf({ tenantId, pluginId })
  const fresh = await db.selectFrom('liberacces_outbox').select((one) => one.fn.countAll<number>().as('count')).where('state', '=', 'new').executeTakeFirstOrThrow()
  const open = await db.selectFrom('liberacces_delivery').select((one) => one.fn.countAll<number>().as('count')).where('status', 'in', ['pending', 'waiting']).executeTakeFirstOrThrow()
  const dead = await db.selectFrom('liberacces_delivery').select((one) => one.fn.countAll<number>().as('count')).where('status', '=', 'dead').executeTakeFirstOrThrow()
  const files = await db.selectFrom('liberacces_file').select((one) => one.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return { tables, undelivered: Number(fresh.count) + Number(open.count), dead: Number(dead.count), files: Number(files.count) }
}
