import type { Registry } from 'prom-client'
import type { LoadedRelease } from '../../runtime/release.ts'
import type { Tenant } from '../../tenancy/tenant.ts'
import type { AssetSources } from './assets.ts'

/** What the kernel's own small routes ask for. */
export interface KernelPorts {
  /** Releases that are active for a tenant: for its OpenAPI and AsyncAPI documents. */
  releasesOf(tenant: Tenant): readonly LoadedRelease[]
  /** A tenant's own colours; `undefined` keeps the platform's. */
  theme(tenant: Tenant): { readonly accent: string } | undefined
  /** Adds the metrics of storage, events and runtime. */
  registerMetrics?(registry: Registry): void
  /** Full name of the permission that a token needs to read `/metrics` from elsewhere than this machine. */
  readonly metricsPermission: string
  readonly assets: AssetSources
}
