import type { CpuMeter } from '../runtime/cpu-meter.ts'
import { CpuShares } from '../runtime/cpu-shares.ts'
import type { Entitlements } from './entitlements.ts'
import type { QuotaLedger, QuotaUse } from './quota-ledger.ts'
import type { StorageRoom } from './storage-room.ts'

/** What tenants use of what the Pool grants them. */
export interface Quotas {
  readonly ledger: QuotaLedger
  readonly room: StorageRoom
  readonly cpu: CpuMeter
  /** What a tenant uses now, of each kind. Looks on the disk for storage where there is no quota. */
  useOf(tenantId: string): Promise<readonly QuotaUse[]>
  /** Quotas of which a tenant has used up 80 % or all, as far as they are known; storage is counted for this where it has a quota. */
  warningsOf(tenantId: string): Promise<readonly QuotaUse[]>
  /** The tenant is gone. */
  forget(tenantId: string): void
}

/** Puts together who counts what. */
export function createQuotas({ entitlements, ledger, room }: { readonly entitlements: Pick<Entitlements, 'quota' | 'forget'>; readonly ledger: QuotaLedger; readonly room: StorageRoom }): Quotas {
  const shares = new CpuShares()
  const useOf = async (tenantId: string): Promise<readonly QuotaUse[]> => {
    await room.ready(tenantId)
    return ledger.useOf(tenantId, await room.bytesOf(tenantId))
  }
  return {
    ledger, room, useOf,
    cpu: {
      shares,
      counts: (tenantId) => ledger.countsCpu(tenantId),
      require: (tenantId) => { ledger.requireCpu(tenantId) },
      spend: (tenantId, microseconds) => { ledger.spendCpu(tenantId, microseconds) },
    },
    async warningsOf(tenantId) {
      const limited = (['storage', 'events', 'mails', 'cpu'] as const).some((kind) => entitlements.quota(tenantId, kind) !== undefined)
      return limited ? (await useOf(tenantId)).filter(({ level }) => level > 0) : []
    },
    forget(tenantId) {
      entitlements.forget(tenantId)
      ledger.forget(tenantId)
      room.forget(tenantId)
    },
  }
}
