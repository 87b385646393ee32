import type { Audit } from '../audit/audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Consents } from '../consent/consents.ts'
import type { Outside } from '../outside.ts'
import type { Gates } from '../runtime/gates.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { FileStore } from '../storage/files.ts'
import type { Storage, StoreData, StoreKey } from '../storage/storage.ts'
import type { ActiveReleases } from './active-releases.ts'
import type { InstallationRows } from './installation-rows.ts'
import type { Journal } from './journal.ts'
import type { Peers } from './peers.ts'
import type { Situation } from './planned.ts'
import type { Snapshots } from './snapshots.ts'

/** What the lifecycle tells the rest of the kernel, and asks of it. */
export interface InstallationPorts {
  /** A release is about to be active for a tenant; its schedules start here. Doing it twice is harmless. */
  activated(tenantId: string, release: LoadedRelease): Promise<void>
  /**
   * {@link activated} for many tenants at once, which have just begun to run the release.
   * @defaultValue one after the other
   */
  activatedMany?(tenantIds: readonly string[], release: LoadedRelease): Promise<void>
  /** What runs for a tenant has just changed, in memory. @defaultValue nobody is told */
  readonly changed?: (tenantId: string) => void
  /** @throws PlatformError `PLUGIN_NOT_ENTITLED` when the Pool does not let a tenant use a plugin. In memory */
  requireEntitled(tenantId: string, pluginId: string): void
  /**
   * Whether releases may begin to run somewhere, by their labels. What runs already is not asked about.
   * @throws PlatformError `LABEL_…`
   * @defaultValue they may
   */
  requireStartable?(releases: readonly { readonly id: string; readonly version: string }[]): Promise<void>
  /** A plugin is off for a tenant. Doing it twice is harmless. */
  deactivated(tenantId: string, pluginId: string): Promise<void>
  /**
   * Contracts that the tenant above shares with this one: here they count as provided. What the tenant's own plugins provide goes first.
   * @defaultValue none
   */
  sharedContracts?(tenantId: string): ReadonlySet<string>
  /**
   * Plugins of other tenants that need what this one shares with them, in words for a refusal: `"fr.example.news" of CCAS d’Aytré`.
   * @param contracts - what is about to end here
   * @defaultValue none
   */
  neededElsewhere?(tenantId: string, contracts: readonly string[]): readonly string[]
  /**
   * Tenants that run on what this one shares with them: they are held still while something here may end.
   * @defaultValue none
   */
  servedBy?(tenantId: string): readonly string[]
  /**
   * Has a release look over data that it would run on, by its own `check`.
   * @param from - who has the data: a copy, or the store itself behind its shut gate
   * @throws PlatformError `PLUGIN_CALL_FAILED`, `PLUGIN_CALL_TIMEOUT`
   * @defaultValue nothing is looked over
   */
  check?(tenantId: string, release: LoadedRelease, from: StoreData): Promise<void>
}

/** What is told of operations and of what went wrong beside them. */
export interface LifecycleLog {
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}

/** What every operation of the lifecycle works with. */
export interface LifecycleParts {
  readonly storage: Storage
  readonly files: FileStore
  readonly catalogue: Catalogue
  readonly outside: Outside
  readonly audit: Audit
  readonly gates: Gates
  readonly consents: Consents
  readonly ports: InstallationPorts
  readonly log: LifecycleLog
  readonly rows: InstallationRows
  readonly journal: Journal
  readonly active: ActiveReleases
  readonly snapshots: Snapshots
  readonly peers: Peers
  readonly dataFolder: string
  /** Longest wait for calls under way, in milliseconds. */
  readonly drainMs: number
}

/** The data of a plugin of a tenant, for messages. */
export function aboutKey({ tenantId, pluginId }: StoreKey): { readonly tenant: string; readonly plugin: string } {
  return { tenant: tenantId, plugin: pluginId }
}

/** Contracts that count as provided at a tenant though none of its plugins provides them. */
export function sharedWith({ ports }: Pick<LifecycleParts, 'ports'>, tenantId: string): ReadonlySet<string> {
  return ports.sharedContracts?.(tenantId) ?? NOTHING_SHARED
}

/** What a tenant's plugins are planned in. */
export function situationAt(parts: Pick<LifecycleParts, 'active' | 'catalogue' | 'ports'>, tenantId: string): Situation {
  const { active, catalogue, ports } = parts
  return {
    available: catalogue.manifests, running: active.modules(tenantId).releases.map(({ manifest }) => manifest), shared: sharedWith(parts, tenantId),
    neededElsewhere: (contracts) => ports.neededElsewhere?.(tenantId, contracts) ?? [],
  }
}

const NOTHING_SHARED: ReadonlySet<string> = new Set()
