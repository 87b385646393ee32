import type { Audit } from '../audit/audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Consents } from '../consent/consents.ts'
import type { Entitlements } from '../entitlement/entitlements.ts'
import type { Passwords } from '../identity/passwords.ts'
import type { Roles } from '../identity/roles.ts'
import type { Installations } from '../lifecycle/installations.ts'
import type { Outside } from '../outside.ts'
import type { PrivacyDesk } from '../privacy/privacy.ts'
import type { Settings } from '../settings/settings.ts'
import type { FileStore } from '../storage/files.ts'
import type { Storage, StoreKey } from '../storage/storage.ts'
import type { Tenants } from '../tenancy/tenants.ts'

/** What leaving and coming back need of the kernel. */
export interface LeavingPorts {
  readonly dataFolder: string
  readonly storage: Storage
  readonly files: FileStore
  readonly tenants: Tenants
  readonly installations: Installations
  readonly catalogue: Catalogue
  readonly consents: Consents
  readonly entitlements: Pick<Entitlements, 'mayUse'>
  readonly settings: Pick<Settings, 'reload'>
  readonly roles: Pick<Roles, 'invalidate'>
  readonly passwords: Pick<Passwords, 'hash'>
  readonly privacy: Pick<PrivacyDesk, 'register'>
  readonly audit: Audit
  /** Refuses what may not begin to run here, for its label. @throws PlatformError `LABEL_…` */
  readonly requireStartable: (releases: readonly { readonly id: string; readonly version: string }[]) => Promise<void>
  readonly outside: Outside
  /** A store came in that may hold undelivered events, and is marked. */
  readonly wake: (key: StoreKey) => Promise<void>
}

/** Told how far long work is: what is being done, and how much of it. */
export type Progress = (what: string, done: number, total: number) => void
