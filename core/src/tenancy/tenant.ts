import type { TenantInfo } from '@liberacces/sdk'

/** A tenant as the kernel holds it in memory. Frozen; replaced as a whole when something changes. */
export interface Tenant {
  readonly id: string
  readonly parentId: string | undefined
  readonly hosts: readonly string[]
  /** What plugins see of it. */
  readonly info: TenantInfo
}
