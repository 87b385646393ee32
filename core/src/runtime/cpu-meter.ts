import type { CpuShares } from './cpu-shares.ts'

/** Counts what plugin code computes, for tenants that have a quota of it. */
export interface CpuMeter {
  readonly shares: CpuShares
  counts(tenantId: string): boolean
  /** @throws PlatformError `QUOTA_EXCEEDED` when the tenant's time of today is used up: the call is not begun */
  require(tenantId: string): void
  spend(tenantId: string, microseconds: number): void
}
