import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Config } from '../config.ts'
import type { Accounts } from '../identity/accounts.ts'
import type { Roles } from '../identity/roles.ts'
import type { Installations } from '../lifecycle/installations.ts'
import type { Origin, Runtime } from '../runtime/runtime.ts'
import type { Settings } from '../settings/settings.ts'
import type { FileStore } from '../storage/files.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenants } from '../tenancy/tenants.ts'

/** What a demonstration asks of a platform. */
export interface DemoPlatform {
  readonly config: Config
  readonly catalogue: Catalogue
  readonly tenants: Tenants
  readonly accounts: Accounts
  readonly roles: Roles
  readonly installations: Installations
  readonly runtime: Runtime
  readonly settings: Settings
  readonly storage: Storage
  readonly files: Pick<FileStore, 'drop'>
  /** The platform itself acting on a tenant. */
  systemOrigin(tenantId: string): Origin
}
