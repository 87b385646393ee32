import type { Container } from '../container.ts'
import { createEntitlementDesk } from '../entitlement/entitlement-desk.ts'
import { openEntitlements, type Entitlements } from '../entitlement/entitlements.ts'
import { QuotaLedger } from '../entitlement/quota-ledger.ts'
import { createQuotas } from '../entitlement/quotas.ts'
import { StorageRoom } from '../entitlement/storage-room.ts'
import type { Base } from './base.ts'
import { AUDIT, ENTITLEMENTS, ENTITLEMENT_DESK, FILES, INSTALLATIONS, QUOTAS, SHARES, STORAGE_ROOM, TENANTS } from './tokens.ts'

/**
 * What the Pool lets tenants use, and who counts it. From now on writes are counted; what they are held against is read by the
 * function that this gives back, for which tenants must be known.
 */
export function provideEntitlement(services: Container, { storage, outside, log, scope, catalogue }: Base): () => Promise<void> {
  // Asked at every write, so held at hand.
  let granted: Entitlements | undefined
  let ledger: QuotaLedger | undefined
  const room = new StorageRoom({
    limitOf: (tenantId) => granted?.quota(tenantId, 'storage'),
    count: async (tenantId) => ({ files: await services.get(FILES).bytesOf(tenantId), databases: await storage.sizesOf(tenantId) }),
    noted: (tenantId, bytes, limit) => { ledger?.noteStorage(tenantId, bytes, limit) },
    refused: (tenantId, limit) => { ledger?.noteFull(tenantId, limit) },
  })
  storage.limitWrites(room)
  services
    .set(STORAGE_ROOM, room)
    .provide(ENTITLEMENT_DESK, (from) => createEntitlementDesk({
      entitlements: from.get(ENTITLEMENTS), catalogue, log, needingBelow: (tenantId, contracts) => services.get(SHARES).needingBelow(tenantId, contracts),
      tenants: from.get(TENANTS), installations: from.get(INSTALLATIONS),
    }))

  return async () => {
    const tenants = services.get(TENANTS)
    const entitlements = granted = await openEntitlements({ storage, audit: services.get(AUDIT), tenants })
    ledger = await QuotaLedger.open({ storage, outside, log, quota: (tenantId, kind) => entitlements.quota(tenantId, kind), exists: (tenantId) => tenants.byId(tenantId) !== undefined })
    const quotas = createQuotas({ entitlements, ledger, room })
    services.set(ENTITLEMENTS, entitlements).set(QUOTAS, quotas)
    scope.defer('what was used', () => quotas.ledger.flush())
  }
}
