import type { Audit } from '../audit/audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { InstallationRows } from '../lifecycle/installation-rows.ts'
import type { Journal } from '../lifecycle/journal.ts'
import type { Snapshots } from '../lifecycle/snapshots.ts'
import type { Outside } from '../outside.ts'
import type { FileStore } from '../storage/files.ts'
import type { Storage, StoreKey } from '../storage/storage.ts'
import type { Archives } from './archives.ts'

/** What removing works with. */
export interface RemovalParts {
  readonly storage: Storage
  readonly files: FileStore
  readonly catalogue: Pick<Catalogue, 'manifest'>
  readonly outside: Outside
  readonly audit: Audit
  readonly rows: InstallationRows
  readonly journal: Journal
  readonly snapshots: Snapshots
  readonly archives: Archives
  readonly dataFolder: string
  /** The plugin's schedules end, and whatever else runs by itself. Twice is harmless. */
  readonly deactivated: (tenantId: string, pluginId: string) => Promise<void>
  /** What is held in memory of a plugin of a tenant is no longer true. */
  readonly forget: (key: StoreKey) => Promise<void>
  /** Name and slug of a tenant. */
  readonly tenant: (tenantId: string) => { readonly slug: string; readonly name: string }
}
