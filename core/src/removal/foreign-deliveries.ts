import type { Storage, StoreKey } from '../storage/storage.ts'

/** Hand-overs to a plugin that wait in the stores of others. */
export interface ForeignDeliveries {
  /** To be tried, or tried again. */
  readonly undelivered: number
  readonly dead: number
  /** Over, and still on record. */
  readonly delivered: number
}

/** Counts the deliveries to a plugin in the stores of the tenant's other plugins. */
export async function foreignDeliveries(storage: Storage, { tenantId, pluginId }: StoreKey): Promise<ForeignDeliveries> {
  const counts = { undelivered: 0, dead: 0, delivered: 0 }
  for (const key of await othersOf(storage, { tenantId, pluginId })) {
    const rows = await storage.kernelStore(key).selectFrom('liberacces_delivery').select(['status', (one) => one.fn.countAll<number>().as('count')])
      .where('subscriber', '=', pluginId).groupBy('status').execute()
    for (const { status, count } of rows) counts[status === 'dead' || status === 'delivered' ? status : 'undelivered'] += Number(count)
  }
  return counts
}

/**
 * Deletes them. The events stay with who emitted them, as ones that nobody wants where nobody else had them; they can be replayed, should the plugin come back.
 */
export async function deleteForeignDeliveries(storage: Storage, { tenantId, pluginId }: StoreKey): Promise<void> {
  for (const key of await othersOf(storage, { tenantId, pluginId })) {
    const some = await storage.kernelStore(key).selectFrom('liberacces_delivery').select('id').where('subscriber', '=', pluginId).limit(1).executeTakeFirst()
    if (some === undefined) continue
    await storage.kernelTransaction(key, async (tx) => {
      const events = (await tx.selectFrom('liberacces_delivery').select('event_seq').distinct().where('subscriber', '=', pluginId).execute()).map((row) => row.event_seq)
      await tx.deleteFrom('liberacces_delivery').where('subscriber', '=', pluginId).execute()
      for (const seq of events) {
        await tx.updateTable('liberacces_outbox').set({ state: 'unsubscribed' }).where('seq', '=', seq).where('state', '=', 'planned')
          .where((where) => where.not(where.exists(where.selectFrom('liberacces_delivery').select('id').where('event_seq', '=', seq)))).execute()
      }
    })
  }
}

async function othersOf(storage: Storage, { tenantId, pluginId }: StoreKey): Promise<readonly StoreKey[]> {
  return (await storage.storesOf(tenantId)).filter((key) => key.pluginId !== pluginId)
}
