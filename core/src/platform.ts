import { relative } from 'node:path'
import type { Logger } from 'pino'
import { copyShared } from './backup/copy-shared.ts'
import { makeBackup, type BackedUp, type BackupOptions } from './backup/make-backup.ts'
import type { Audit } from './audit/audit.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { PluginSource } from './catalogue/plugin-source.ts'
import type { Releases } from './catalogue/releases.ts'
import type { Config } from './config.ts'
import type { ConsentDesk } from './consent/consent-desk.ts'
import type { Consents } from './consent/consents.ts'
import { Container } from './container.ts'
import type { Administrators } from './delegation/administrators.ts'
import type { Grants } from './delegation/grants.ts'
import type { Guests } from './delegation/guests.ts'
import type { Shares } from './delegation/shares.ts'
import type { Thresholds } from './delegation/thresholds.ts'
import { pinnedFetch } from './egress/pinned-fetch.ts'
import type { EntitlementDesk } from './entitlement/entitlement-desk.ts'
import type { Entitlements } from './entitlement/entitlements.ts'
import type { Quotas } from './entitlement/quotas.ts'
import type { Delivery, EventBus } from './events/event-bus.ts'
import type { EventRecords } from './events/desk/event-records.ts'
import type { Replays } from './events/desk/replays.ts'
import type { Retention } from './events/retention/retention.ts'
import type { Scheduler } from './events/schedules.ts'
import type { HealthRules, PluginHealth } from './health/plugin-health.ts'
import { createLog } from './http/log.ts'
import type { Accounts } from './identity/accounts.ts'
import type { ApiTokens } from './identity/api-tokens.ts'
import type { Applications } from './remote/applications.ts'
import type { Roles } from './identity/roles.ts'
import type { Sessions } from './identity/sessions.ts'
import type { Leaving } from './leaving/leaving.ts'
import type { Labels } from './labels/labels.ts'
import type { Installations } from './lifecycle/installations.ts'
import type { WaveDesk } from './lifecycle/wave-desk.ts'
import type { MailTransport } from './mail/mail-transport.ts'
import { machineRandom } from './machine-random.ts'
import type { Bulletin } from './nodes/bulletin.ts'
import type { NodeInfo } from './nodes/node.ts'
import type { LifeTimes } from './nodes/life.ts'
import type { Outside } from './outside.ts'
import type { WatchTakenOut } from './pages/foreign/foreign-place.ts'
import type { WatchAsked } from './process/asked.ts'
import type { PrivacyDesk } from './privacy/privacy.ts'
import type { Removal } from './removal/removal.ts'
import type { Gates } from './runtime/gates.ts'
import type { InlineRuntime } from './runtime/inline.ts'
import type { Origin } from './runtime/runtime.ts'
import { Scope, type Closing } from './scope.ts'
import type { FileStore } from './storage/files.ts'
import type { Storage } from './storage/storage.ts'
import type { Settings } from './settings/settings.ts'
import type { Tenants } from './tenancy/tenants.ts'
import type { Workers } from './workers/workers.ts'
import { openBase, type Base } from './wiring/base.ts'
import { leavingOf } from './wiring/leaving-of.ts'
import { movingOf, type MoveTo } from './wiring/moving-of.ts'
import { openLifecycle, openWaves } from './wiring/open-lifecycle.ts'
import { openRemote } from './wiring/open-remote.ts'
import { systemOrigin } from './wiring/origins.ts'
import { openDelegation, provideDelegation } from './wiring/provide-delegation.ts'
import { provideEntitlement } from './wiring/provide-entitlement.ts'
import { delivering, openEvents, provideEvents } from './wiring/provide-events.ts'
import { provideLabels } from './wiring/provide-labels.ts'
import { provideHealth } from './wiring/provide-health.ts'
import { provideIdentity } from './wiring/provide-identity.ts'
import { provideRuntime } from './wiring/provide-runtime.ts'
import { openTenancy, preloadSettings, provideTenancy } from './wiring/provide-tenancy.ts'
import { followOthers } from './wiring/follow-others.ts'
import { registerHeld, registerInstallations } from './wiring/register-held.ts'
import { provideWorkers } from './wiring/provide-workers.ts'
import { releasesOf } from './wiring/releases-of.ts'
import { leave } from './wiring/leave.ts'
import { nodesOf } from './wiring/nodes-of.ts'
import { serve } from './wiring/serve.ts'
import {
  ACCOUNTS, ADMINISTRATORS, API_TOKENS, APPLICATIONS, AUDIT, CONSENTS, CONSENT_DESK, ENTITLEMENTS, ENTITLEMENT_DESK, EVENTS, EVENT_RECORDS, FILES, GRANTS, GUESTS, INSTALLATIONS, LABELS, PRIVACY, QUOTAS,
  RELEASES, REMOVAL, REPLAYS, RETENTION, ROLES, RUNTIME, SCHEDULER, SESSIONS, SETTINGS, SHARES, TELL_OPERATORS, TENANTS, THRESHOLDS, WAVES, WORKERS,
} from './wiring/tokens.ts'

/** What a platform is made from. */
export interface PlatformOptions {
  readonly config: Config
  readonly plugins: readonly PluginSource[]
  /** @defaultValue the machine's clock, chance and network */
  readonly outside?: Outside
  /** Takes mails over. @defaultValue the mail server of the configuration; without one, mails wait */
  readonly mail?: MailTransport
  /**
   * What every page says above its content as long as there is something to say, such as that the source of a plugin under development has an error; a line
   * each paragraph. Asked at each page. @defaultValue nothing
   */
  readonly announcement?: () => string | undefined
  /** Longest that an upgrade waits for calls under way in the plugin, in milliseconds. @defaultValue 10 000 */
  readonly drainMs?: number
  /** How patient several nodes are with each other. @defaultValue what is right for nodes of one site */
  readonly nodeTimes?: LifeTimes
  /** When children are started again, and calls not tried. @defaultValue what suits plugins as they are */
  readonly healthRules?: HealthRules
  /** Told of each question that plugins in processes of their own ask, and what came of it: for certification. @defaultValue nobody */
  readonly asked?: WatchAsked
  /** Told of what is taken out of their HTML: for certification. @defaultValue nobody */
  readonly takenOut?: WatchTakenOut
  /** @defaultValue JSON lines on standard output, at the configured level */
  readonly log?: Logger
}

/** One running installation. */
export interface Platform {
  readonly config: Config
  readonly log: Logger
  readonly storage: Storage
  /** What other nodes have changed, and whether it is heard. */
  readonly bulletin: Bulletin
  readonly catalogue: Catalogue
  readonly releases: Releases
  /** Labels of releases: what is trusted, and what the Pool asks for. */
  readonly labels: Labels
  /** Applications in other languages, which answer elsewhere. */
  readonly applications: Applications
  readonly tenants: Tenants
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly apiTokens: ApiTokens
  readonly roles: Roles
  readonly grants: Grants
  readonly shares: Shares
  readonly guests: Guests
  readonly administrators: Administrators
  readonly thresholds: Thresholds
  readonly settings: Settings
  readonly audit: Audit
  readonly consents: Consents
  readonly consentDesk: ConsentDesk
  readonly files: FileStore
  readonly entitlements: Entitlements
  readonly entitlementDesk: EntitlementDesk
  readonly quotas: Quotas
  readonly installations: Installations
  readonly removal: Removal
  readonly waves: WaveDesk
  readonly privacy: PrivacyDesk
  /** Tenants that leave this platform, or come into it. */
  readonly leaving: Leaving
  /** Copies all of it to another database, while nobody is served, and ends the use of this one. */
  readonly moveTo: MoveTo
  /** Copies all of it into a folder. @see makeBackup */
  backup(options: BackupOptions): Promise<BackedUp>
  readonly events: EventBus
  readonly eventRecords: EventRecords
  readonly replays: Replays
  readonly retention: Retention
  readonly scheduler: Scheduler
  readonly workers: Workers
  readonly runtime: InlineRuntime
  /** The processes on this platform, the oldest first. */
  nodes(): Promise<readonly NodeInfo[]>
  /** What may run, and what goes wrong. */
  readonly health: PluginHealth
  /** Who is inside which plugin of which tenant. */
  readonly gates: Gates
  /** Tells the operators by mail what of the plugins is out of service, where they do not know yet: done each minute while it serves. */
  tellOperators(): Promise<void>
  /** The platform itself acting on a tenant, as schedules and event handlers do. */
  systemOrigin(tenantId: string): Origin
  /** Hands one event to one handler, as the relay does: for test kits and certification. */
  deliver(delivery: Delivery): Promise<unknown>
  /** @throws PlatformError `CONFIG_INVALID` when the port is taken or not ours to take */
  listen(): Promise<{ readonly port: number }>
  /**
   * Says at `/readyz` that it takes no more requests, and goes on answering for a while: whoever shares requests out among nodes sends the next
   * ones elsewhere. Then comes {@link Platform.stop}. At once where nobody is there to notice: {@link Config.stopDelayMs}.
   */
  leave(): Promise<void>
  /** Finishes what is under way and closes everything, last opened first. Says how each closing went. */
  stop(): Promise<readonly Closing[]>
}

const MACHINE: Outside = {
  now: Date.now,
  randomBytes: machineRandom(),
  fetch: pinnedFetch,
}

/**
 * Opens a platform on a data folder: what runs where, who may what, what waits to be delivered. Nothing is served before
 * {@link Platform.listen}.
 * @throws PlatformError `DATA_LOCKED`, `CONFIG_INVALID`; a plugin that cannot be loaded is in `catalogue.rejected` instead
 */
export async function createPlatform(options: PlatformOptions): Promise<Platform> {
  const scope = new Scope('platform')
  try {
    return await openPlatform(options, scope)
  } catch (error) {
    await scope.close()
    throw error
  }
}

/** The order of opening; what is opened last closes first. */
async function openPlatform({ config, plugins, outside = MACHINE, mail, announcement = () => undefined, drainMs = 10_000, nodeTimes, healthRules = {}, asked, takenOut, log = createLog(config.logLevel) }: PlatformOptions, scope: Scope): Promise<Platform> {
  const services = new Container()
  const base = await openBase({ config, outside, log, scope, plugins, mail, announcement, nodeTimes, healthRules, asked, takenOut, services })
  const openEntitlement = provideEntitlement(services, base)
  provideTenancy(services, base)
  provideIdentity(services, base)
  provideDelegation(services, base)
  provideHealth(services, base)
  provideLabels(services, base)
  provideRuntime(services, base)
  provideEvents(services, base)
  provideWorkers(services, base)

  await openTenancy(services, base)
  await openEntitlement()
  await preloadSettings(services)
  await openDelegation(services, base)
  openEvents(services, base)
  services.provide(RELEASES, () => releasesOf(services, base))
  await openRemote(services, base)
  registerHeld(services, base)
  base.startHearing()
  await openLifecycle(services, base, drainMs)
  registerInstallations(services, base)
  await followOthers(services, base)
  await services.get(ENTITLEMENT_DESK).enforce()
  openWaves(services, base)
  await services.get(LABELS).refresh()
  return platformOf(services, base)
}

function platformOf(services: Container, base: Base): Platform {
  const { config, log, storage, bulletin, catalogue, outside, health, gates, scope } = base
  const openedAt = outside.now()
  return {
    config, log, storage, bulletin, catalogue, health, gates,
    releases: services.get(RELEASES),
    labels: services.get(LABELS),
    applications: services.get(APPLICATIONS),
    tenants: services.get(TENANTS),
    accounts: services.get(ACCOUNTS),
    sessions: services.get(SESSIONS),
    apiTokens: services.get(API_TOKENS),
    roles: services.get(ROLES),
    grants: services.get(GRANTS),
    shares: services.get(SHARES),
    guests: services.get(GUESTS),
    administrators: services.get(ADMINISTRATORS),
    thresholds: services.get(THRESHOLDS),
    settings: services.get(SETTINGS),
    audit: services.get(AUDIT),
    consents: services.get(CONSENTS),
    consentDesk: services.get(CONSENT_DESK),
    files: services.get(FILES),
    entitlements: services.get(ENTITLEMENTS),
    entitlementDesk: services.get(ENTITLEMENT_DESK),
    quotas: services.get(QUOTAS),
    installations: services.get(INSTALLATIONS),
    removal: services.get(REMOVAL),
    waves: services.get(WAVES),
    privacy: services.get(PRIVACY),
    leaving: leavingOf(services, base),
    moveTo: movingOf(services, base),
    backup: (options) => makeBackup({ dataFolder: config.dataFolder, storage, outside, files: services.get(FILES), copyArchives: (to, since) => services.get(REMOVAL).copyArchives(to, since), copyShared: (to) => copyShared(base.shared, (id, version) => relative(config.dataFolder, base.releaseFolder.pathOf({ id, version })), to) }, options),
    events: services.get(EVENTS),
    eventRecords: services.get(EVENT_RECORDS),
    replays: services.get(REPLAYS),
    retention: services.get(RETENTION),
    scheduler: services.get(SCHEDULER),
    workers: services.get(WORKERS),
    runtime: services.get(RUNTIME),
    tellOperators: services.get(TELL_OPERATORS),
    systemOrigin: systemOrigin(services, base),
    deliver: delivering(services, base),
    listen: () => serve(services, base),
    nodes: () => nodesOf(base, openedAt),
    leave: () => leave(base),
    stop: () => scope.close(),
  }
}
