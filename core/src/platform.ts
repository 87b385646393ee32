// Longer than others: the one place that knows every part of the kernel, and says how they are put together.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Type, type TObject } from '@sinclair/typebox'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { makeBackup, type BackedUp, type BackupOptions } from './backup/make-backup.ts'
import { createAudit, type Audit } from './audit/audit.ts'
import { loadCatalogue, type Catalogue } from './catalogue/catalogue.ts'
import { openReleases } from './catalogue/open-releases.ts'
import type { PluginSource } from './catalogue/plugin-source.ts'
import { createReleaseFolder } from './catalogue/release-folder.ts'
import { createReleases, type Releases } from './catalogue/releases.ts'
import { isLocalDomain, type Config } from './config.ts'
import { createConsentDesk, type ConsentDesk } from './consent/consent-desk.ts'
import { createConsents, type Consents } from './consent/consents.ts'
import { Container, token } from './container.ts'
import { createEntitlementDesk, type EntitlementDesk } from './entitlement/entitlement-desk.ts'
import { openEntitlements, type Entitlements } from './entitlement/entitlements.ts'
import { QuotaLedger } from './entitlement/quota-ledger.ts'
import { createQuotas, type Quotas } from './entitlement/quotas.ts'
import { StorageRoom } from './entitlement/storage-room.ts'
import { PlatformError } from './errors.ts'
import { createAdministrators, type Administrators } from './delegation/administrators.ts'
import { createFindEntrant } from './delegation/find-entrant.ts'
import { openGrants, type Grants } from './delegation/grants.ts'
import { createGuests, type Guests } from './delegation/guests.ts'
import { createIsPoolActor, type IsPoolActor } from './delegation/pool-actor.ts'
import { needing, shareableOf } from './delegation/shareable.ts'
import { sharedOrigin } from './delegation/shared-origin.ts'
import { openShares, type Shares } from './delegation/shares.ts'
import { openThresholds, type Thresholds } from './delegation/thresholds.ts'
import { createEventBus } from './events/create-event-bus.ts'
import type { Delivery, EventBus } from './events/event-bus.ts'
import { createScheduler, type Scheduler } from './events/schedules.ts'
import type { Front } from './http/front.ts'
import { refuseConflicts } from './http/endpoints/path-conflicts.ts'
import { listenOn } from './http/listen-on.ts'
import { loadAssets } from './http/kernel/assets.ts'
import { createLog } from './http/log.ts'
import { statusOfError } from './http/status-codes.ts'
import { createTraces, traceIdOf } from './http/traceparent.ts'
import { actorOf } from './identity/audit-actor.ts'
import { createAccounts, type Account, type Accounts } from './identity/accounts.ts'
import { createApiTokens, type ApiTokens } from './identity/api-tokens.ts'
import { createCsrf, type Csrf } from './identity/csrf.ts'
import { createLogin, type Login } from './identity/login.ts'
import { KERNEL_ID } from './identity/kernel-permissions.ts'
import { createLoginThrottle, type LoginThrottle } from './identity/login-throttle.ts'
import { createOwnPassword, type OwnPassword } from './identity/own-password.ts'
import { createPasswords, type Passwords } from './identity/passwords.ts'
import { createPrincipals, type Principals } from './identity/principals.ts'
import { createRoles, type Roles } from './identity/roles.ts'
import { deriveKey, openServerSecret } from './identity/server-secret.ts'
import { createSessions, type Sessions } from './identity/sessions.ts'
import { createLeaving, type Leaving } from './leaving/leaving.ts'
import { recoverLeaving } from './leaving/recover-leaving.ts'
import { openInstallations, type Installations, type Resumer } from './lifecycle/installations.ts'
import { migrationsOf } from './lifecycle/migrations-of.ts'
import type { Modules } from './lifecycle/modules.ts'
import { createWaveDesk, type WaveDesk } from './lifecycle/wave-desk.ts'
import { deliverMail } from './mail/deliver-mail.ts'
import type { MailTransport } from './mail/mail-transport.ts'
import { createSmtpTransport } from './mail/smtp-transport.ts'
import { MAIL_EVENT, MAIL_SUBSCRIPTION } from './mail/stored-mail.ts'
import { createTeller } from './mail/tell-administrators.ts'
import type { Outside } from './outside.ts'
import { createPrivacyDesk, type PrivacyDesk } from './privacy/privacy.ts'
import { quotaWarningText } from './pages/quota-warning-text.ts'
import { createRemoval, type Removal } from './removal/removal.ts'
import type { ContextPorts } from './runtime/call-context.ts'
import { checkData } from './runtime/check-data.ts'
import { deliverEvent } from './runtime/deliver-event.ts'
import { fetchAs } from './runtime/egress.ts'
import { Gates } from './runtime/gates.ts'
import { createInlineRuntime, type InlineRuntime } from './runtime/inline.ts'
import { blame, pluginLog } from './runtime/plugin-log.ts'
import { runSchedule } from './runtime/run-schedule.ts'
import type { LoadedRelease } from './runtime/release.ts'
import type { Origin } from './runtime/runtime.ts'
import { serviceClient } from './runtime/services.ts'
import { Scope, type Closing } from './scope.ts'
import { createFiles, type FileStore } from './storage/files.ts'
import { lockDataFolder } from './storage/data-folder-lock.ts'
import { requireWritable } from './storage/data-folder.ts'
import { descriptorsForStores } from './storage/open-files.ts'
import { openStorage } from './storage/open-storage.ts'
import type { Storage } from './storage/storage.ts'
import { createSettings, type Settings } from './settings/settings.ts'
import { servePlatform, type ServingServices } from './sites/serve-platform.ts'
import { KeptPages } from './slots/kept-pages.ts'
import { createLayouts, type Layouts } from './slots/layouts.ts'
import { everyMinute, sweepNowAndThen } from './sweeps.ts'
import { settleMemory } from './settle-memory.ts'
import { createCommunes } from './tenancy/communes.ts'
import type { Tenant } from './tenancy/tenant.ts'
import { createTenants, type Tenants } from './tenancy/tenants.ts'

/** What a platform is made from. */
export interface PlatformOptions {
  readonly config: Config
  readonly plugins: readonly PluginSource[]
  /** @defaultValue the machine's clock, chance and network */
  readonly outside?: Outside
  /** Takes mails over. @defaultValue the mail server of the configuration; without one, mails wait */
  readonly mail?: MailTransport
  /** Longest that an upgrade waits for calls under way in the plugin, in milliseconds. @defaultValue 10 000 */
  readonly drainMs?: number
  /** @defaultValue JSON lines on standard output, at the configured level */
  readonly log?: Logger
}

/** One running installation. */
export interface Platform {
  readonly config: Config
  readonly log: Logger
  readonly storage: Storage
  readonly catalogue: Catalogue
  readonly releases: Releases
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
  /** Copies all of it into a folder. @see makeBackup */
  backup(options: BackupOptions): Promise<BackedUp>
  readonly events: EventBus
  readonly scheduler: Scheduler
  readonly runtime: InlineRuntime
  /** Who is inside which plugin of which tenant. */
  readonly gates: Gates
  /** The platform itself acting on a tenant, as schedules and event handlers do. */
  systemOrigin(tenantId: string): Origin
  /** Hands one event to one handler, as the relay does: for test kits and certification. */
  deliver(delivery: Delivery): Promise<void>
  /** @throws PlatformError `CONFIG_INVALID` when the port is taken or not ours to take */
  listen(): Promise<{ readonly port: number }>
  /** Finishes what is under way and closes everything, last opened first. Says how each closing went. */
  stop(): Promise<readonly Closing[]>
}

const MACHINE: Outside = {
  now: Date.now,
  randomBytes: (length) => randomBytes(length),
  fetch: (input, init) => globalThis.fetch(input, init),
}

const STORAGE = token<Storage>('storage')
const AUDIT = token<Audit>('audit')
const TENANTS = token<Tenants>('tenants')
const CATALOGUE = token<Catalogue>('catalogue')
const ENTITLEMENTS = token<Entitlements>('entitlements')
const QUOTAS = token<Quotas>('quotas')
const INSTALLATIONS = token<Installations>('installations')
const CONSENTS = token<Consents>('consents')
const CONSENT_DESK = token<ConsentDesk>('consent desk')
const REMOVAL = token<Removal>('removal')
const ROLES = token<Roles>('roles')
const PRINCIPALS = token<Principals>('principals')
const PASSWORDS = token<Passwords>('passwords')
const CSRF = token<Csrf>('csrf')
const SESSIONS = token<Sessions>('sessions')
const API_TOKENS = token<ApiTokens>('api tokens')
const ACCOUNTS = token<Accounts>('accounts')
const LOGIN = token<Login>('login')
const LOGIN_THROTTLE = token<LoginThrottle>('login throttle')
const OWN_PASSWORD = token<OwnPassword>('own password')
const GRANTS = token<Grants>('grants')
const SHARES = token<Shares>('shares')
const GUESTS = token<Guests>('guests')
const ADMINISTRATORS = token<Administrators>('administrators')
const THRESHOLDS = token<Thresholds>('thresholds')
const SETTINGS = token<Settings>('settings')
const FILES = token<FileStore>('files')
const LAYOUTS = token<Layouts>('layouts')
const RUNTIME = token<InlineRuntime>('runtime')
const EVENTS = token<EventBus>('events')
const SCHEDULER = token<Scheduler>('scheduler')

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

async function openPlatform({ config, plugins, outside = MACHINE, mail, drainMs = 10_000, log = createLog(config.logLevel) }: PlatformOptions, scope: Scope): Promise<Platform> {
  const { dataFolder: folder } = config
  await requireWritable(folder)
  scope.defer('lock of the data folder', lockDataFolder(folder))
  const secret = await openServerSecret({ dataFolder: folder, secretFile: config.secretFile, outside })
  const storage = openStorage({ folder, outside, log, openFilesLimit: descriptorsForStores })
  scope.defer('storage', () => storage.close())
  await recoverLeaving(storage, folder, log)
  const releaseFolder = createReleaseFolder(join(folder, 'releases'), outside.reached)
  const catalogue = await loadCatalogue([...plugins, ...await openReleases(storage, releaseFolder, log)], scope)
  for (const { source, problems } of catalogue.rejected) for (const problem of problems) log.error({ source, code: problem.code, fix: problem.fix }, problem.message)
  for (const { manifest } of catalogue.releases) {
    if (manifest.runtime !== 'inline') log.warn({ plugin: manifest.id, asked: manifest.runtime }, 'this platform runs every plugin in its own process: run only plugins that you trust')
  }

  const transport = mail ?? (config.smtpUrl === undefined ? undefined : createSmtpTransport(config.smtpUrl))
  if (transport !== undefined) scope.defer('mail', () => { transport.close() })
  const mailFrom = config.mailFrom ?? (mail === undefined ? undefined : `noreply@${config.baseDomain}`)
  // Asked at every write, so held at hand.
  let granted: Entitlements | undefined
  let ledger: QuotaLedger | undefined
  const room: StorageRoom = new StorageRoom({
    limitOf: (tenantId) => granted?.quota(tenantId, 'storage'),
    count: async (tenantId) => ({ files: await services.get(FILES).bytesOf(tenantId), databases: await storage.sizesOf(tenantId) }),
    noted: (tenantId, bytes, limit) => { ledger?.noteStorage(tenantId, bytes, limit) },
    refused: (tenantId, limit) => { ledger?.noteFull(tenantId, limit) },
  })
  storage.limitWrites(room)

  const services: Container = new Container()
    .set(STORAGE, storage)
    .set(CATALOGUE, catalogue)
    .provide(AUDIT, () => createAudit({ storage, outside }))
    .provide(CONSENTS, (from) => createConsents({ storage, outside, audit: from.get(AUDIT) }))
    .provide(ROLES, (from) => createRoles({
      storage, audit: from.get(AUDIT),
      declared: (tenantId) => from.get(INSTALLATIONS).modules(tenantId).permissions,
      titles: (tenantId) => from.get(INSTALLATIONS).modules(tenantId).roleTitles,
      isPool: (tenantId) => from.get(TENANTS).byId(tenantId)?.info.kind === 'pool',
    }))
    .provide(PRINCIPALS, (from) => createPrincipals({ roles: from.get(ROLES) }))
    .provide(PASSWORDS, () => createPasswords({ outside }))
    .provide(CSRF, () => createCsrf({ key: deriveKey(secret, 'csrf') }))
    .provide(SESSIONS, (from) => createSessions({
      storage, outside, roles: from.get(ROLES), csrf: from.get(CSRF), log, implied: from.get(ADMINISTRATORS).implied,
      entrant: createFindEntrant({ storage, outside, tree: from.get(TENANTS), shares: () => from.get(SHARES) }),
    }))
    .provide(API_TOKENS, (from) => createApiTokens({ storage, outside, audit: from.get(AUDIT), roles: from.get(ROLES), implied: from.get(ADMINISTRATORS).implied }))
    .provide(ACCOUNTS, (from) => createAccounts({
      storage, outside, audit: from.get(AUDIT), passwords: from.get(PASSWORDS), roles: from.get(ROLES), sessions: from.get(SESSIONS), apiTokens: from.get(API_TOKENS),
      watch: (tenantId, by, write) => from.get(ADMINISTRATORS).watch(tenantId, by, write),
    }))
    .provide(LOGIN_THROTTLE, () => createLoginThrottle({ storage, outside, key: deriveKey(secret, 'login throttle') }))
    .provide(LOGIN, (from) => createLogin({
      storage, outside, audit: from.get(AUDIT), passwords: from.get(PASSWORDS), sessions: from.get(SESSIONS),
      throttle: from.get(LOGIN_THROTTLE), accountsFrom: (tenantId) => from.get(SHARES).accountsFrom(tenantId),
    }))
    .provide(OWN_PASSWORD, (from) => createOwnPassword({
      storage, audit: from.get(AUDIT), passwords: from.get(PASSWORDS), accounts: from.get(ACCOUNTS), sessions: from.get(SESSIONS), throttle: from.get(LOGIN_THROTTLE),
    }))
    .provide(GUESTS, (from) => createGuests({ storage, audit: from.get(AUDIT), accounts: from.get(ACCOUNTS), roles: from.get(ROLES), shares: from.get(SHARES) }))
    .provide(ADMINISTRATORS, (from) => createAdministrators({
      storage, outside, audit: from.get(AUDIT), tenants: from.get(TENANTS), thresholds: from.get(THRESHOLDS), isPoolActor: isPoolActor(from), log,
    }))
    .provide(SETTINGS, (from) => createSettings({
      storage, outside, audit: from.get(AUDIT), log,
      schemaOf: (tenantId, pluginId) => from.get(INSTALLATIONS).modules(tenantId).byId.get(pluginId)?.plugin.settings ?? NO_SETTINGS,
    }))
    .set(FILES, await createFiles({ storage, folder: join(folder, 'files'), outside, room }))
    .provide(LAYOUTS, () => createLayouts(storage))

  services.set(TENANTS, await createTenants({
    storage, outside, audit: services.get(AUDIT), communes: createCommunes(), baseDomain: config.baseDomain,
    moving: (tenant, parent, by, change) => entitlementDesk.move(tenant, parent, by, () => services.get(INSTALLATIONS).exclusivelyAll([tenant.id, ...(tenant.parentId === undefined ? [] : [tenant.parentId])], async () => {
      if (parent.id !== tenant.parentId) services.get(SHARES).requireFree(tenant.id)
      return change()
    })),
    dropData: async (tenant) => {
      await services.get(INSTALLATIONS).dropTenant(tenant.id)
      await services.get(FILES).dropTenant(tenant.id)
      services.get(SETTINGS).forget(tenant.id)
      services.get(QUOTAS).forget(tenant.id)
      services.get(CONSENTS).forget(tenant.id)
      await services.get(REMOVAL).dropTenant(tenant.id)
      services.get(ADMINISTRATORS).invalidate(tenant.id)
    },
  }))
  const entitlements = granted = await openEntitlements({ storage, audit: services.get(AUDIT), tenants: services.get(TENANTS) })
  ledger = await QuotaLedger.open({ storage, outside, log, quota: (tenantId, kind) => entitlements.quota(tenantId, kind), exists: (tenantId) => services.get(TENANTS).byId(tenantId) !== undefined })
  const quotas = createQuotas({ entitlements, ledger, room })
  services.set(ENTITLEMENTS, entitlements).set(QUOTAS, quotas)
  scope.defer('what was used', () => quotas.ledger.flush())
  await services.get(SETTINGS).preload(KERNEL_ID)

  const modules = (tenantId: string): Modules => services.get(INSTALLATIONS).modules(tenantId)
  const accountOf = (tenantId: string, id: string): Promise<Account | undefined> => services.get(ACCOUNTS).get(tenantId, id)
  services.set(THRESHOLDS, await openThresholds({ storage, outside, audit: services.get(AUDIT), tenants: services.get(TENANTS) }))
  services.set(SHARES, await openShares({
    storage, outside, audit: services.get(AUDIT), tenants: services.get(TENANTS),
    shareable: (tenantId) => shareableOf(modules(tenantId)),
    needs: (tenantId, contract) => {
      const here = running(tenantId)
      return here === undefined ? [] : needing(here, contract)
    },
    isAccountOf: async (tenantId, id) => (await accountOf(tenantId, id))?.status === 'active',
    exclusively: (tenantIds, change) => services.get(INSTALLATIONS).exclusivelyAll(tenantIds, change),
  }))
  services.set(GRANTS, await openGrants({
    storage, outside, audit: services.get(AUDIT), tenants: services.get(TENANTS), roles: services.get(ROLES), sessions: services.get(SESSIONS), accountOf, isPoolActor: isPoolActor(services),
  }))
  const gates = new Gates()
  const traces = createTraces(outside)
  const systemOrigin = (tenantId: string, traceparent?: string): Origin => {
    const tenant = services.get(TENANTS).byId(tenantId)
    if (tenant === undefined) throw new PlatformError('TENANT_UNKNOWN', `There is no tenant with the id ${tenantId}.`, { fix: 'It may just have been deleted.' })
    return { tenant, principal: services.get(PRINCIPALS).system(tenant), locale: 'fr', traceparent: traces(traceparent), reads: undefined }
  }
  /** Also while what runs where is still being found out: a check asks for no permission. */
  const checkOrigin = (tenantId: string): Origin => {
    const tenant = services.get(TENANTS).byId(tenantId)
    if (tenant === undefined) throw new PlatformError('TENANT_UNKNOWN', `There is no tenant with the id ${tenantId}.`, { fix: 'It may just have been deleted.' })
    return { tenant, principal: { ...services.get(PRINCIPALS).anonymous(tenant), kind: 'system', id: 'system', name: 'LiberAccès' }, locale: 'fr', traceparent: traces(undefined), reads: undefined }
  }
  const sender = async (tenantId: string) => ({ name: services.get(TENANTS).byId(tenantId)?.info.name ?? '', contact: (await services.get(SETTINGS).kernel(tenantId)).contact || undefined })
  const deliver = (delivery: Delivery): Promise<void> => delivery.subscriber === KERNEL_ID ? deliverMail({ transport, from: mailFrom, outside, sender }, delivery) : deliverEvent({ runtime: services.get(RUNTIME), gates, storage, modules, origin: systemOrigin }, delivery)
  const serving: { front?: Front; port: number } = { port: config.port }
  const secure = !isLocalDomain(config.baseDomain)

  const contextPorts: ContextPorts = {
    store: (tenantId, pluginId) => storage.store({ tenantId, pluginId }),
    files: (tenantId, pluginId) => services.get(FILES).of({ tenantId, pluginId }),
    client: (service, origin, limit) => serviceClient({ runtime: services.get(RUNTIME), gates, modules, shared: (contract, from) => sharedOrigin(services.get(TENANTS), services.get(SHARES), contract, from) }, service, origin, limit),
    audit: (release, origin, action, target, detail) => services.get(AUDIT).record({
      tenantId: origin.tenant.id, actor: actorOf(origin),
      pluginId: release.manifest.id, action, target, traceId: traceIdOf(origin.traceparent), ...(detail === undefined ? {} : { detail }),
    }),
    fetch: (release, accepted, url, init) => fetchAs(release, accepted, outside.fetch, url, init),
    log: (release, origin) => pluginLog(log, blame(release, origin)),
    baseUrl: ({ tenant }) => `${secure ? 'https' : 'http'}://${tenant.hosts[0] ?? ''}${secure ? '' : `:${serving.port}`}`,
    quota: quotas.ledger,
    newId: () => uuidv7({ msecs: outside.now(), random: outside.randomBytes(16) }),
    now: () => outside.now(),
  }
  services
    .provide(RUNTIME, () => createInlineRuntime({
      settings: (tenantId, pluginId) => services.get(SETTINGS).peek(tenantId, pluginId) ?? services.get(SETTINGS).get(tenantId, pluginId),
      cpu: quotas.cpu,
      accepted: (tenantId, pluginId) => services.get(CONSENTS).granted(tenantId, pluginId),
      failed: (release, origin, call, error) => {
        // What the kernel refuses the person who asked is no failure of the plugin.
        const isFailure = statusOfError(error) >= 500 && error.code !== 'QUOTA_EXCEEDED'
        if (isFailure) serving.front?.metrics.failed(release.manifest.id, error.code, error)
        log[isFailure ? 'warn' : 'debug']({ ...blame(release, origin), what: call.what, code: error.code, err: error.cause ?? error }, error.message)
      },
      ports: contextPorts,
    }))
    .provide(EVENTS, () => createEventBus({
      storage, outside,
      ports: {
        subscriptions: (tenantId, type) => type === MAIL_EVENT ? [MAIL_SUBSCRIPTION] : modules(tenantId).subscriptions.get(type) ?? [],
        deliver,
        waitFor: (tenantId, pluginId) => gates.waitFor(tenantId, pluginId),
        log,
      },
    }))
    .provide(CONSENT_DESK, (from) => createConsentDesk({ consents: from.get(CONSENTS), catalogue, installations: from.get(INSTALLATIONS) }))
    .provide(SCHEDULER, () => createScheduler({
      storage, outside, ports: { due: (run) => runSchedule({ runtime: services.get(RUNTIME), gates, modules, origin: systemOrigin }, run), log },
    }))

  // Already while they are opened: what moved on since the last start is brought along then, for every tenant.
  let running = (_tenantId: string): Modules | undefined => undefined
  storage.makeStoresLate(({ tenantId, pluginId }) => {
    const release = running(tenantId)?.byId.get(pluginId)
    return release === undefined ? undefined : migrationsOf(release)
  })
  // Before anything writes an event: the bus marks stores that hold some, also those that come back while an interrupted change is finished.
  const events = services.get(EVENTS)
  scope.defer('events', () => events.stop())
  scope.defer('schedules', () => services.get(SCHEDULER).stop())
  services.set(REMOVAL, createRemoval({
    storage, outside, catalogue, log, dataFolder: folder, files: services.get(FILES), audit: services.get(AUDIT),
    exclusively: (tenantId, change) => services.get(INSTALLATIONS).exclusively(tenantId, change),
    deactivated: (tenantId, pluginId) => services.get(SCHEDULER).forget(tenantId, pluginId),
    forget: async ({ tenantId }) => {
      await services.get(SETTINGS).reload(tenantId)
      services.get(CONSENTS).forget(tenantId)
      services.get(ROLES).invalidate(tenantId)
    },
    tenant: (tenantId) => {
      const { slug, name } = services.get(TENANTS).byId(tenantId)?.info ?? { slug: '', name: '' }
      return { slug, name }
    },
    neededElsewhere: (tenantId, contracts) => services.get(SHARES).needing(tenantId, contracts),
  }))
  const resumeRemoval: Resumer = (operation) => services.get(REMOVAL).resume(operation)
  services.set(INSTALLATIONS, await openInstallations({
    resumers: { archive: resumeRemoval, purge: resumeRemoval },
    storage, catalogue, outside, audit: services.get(AUDIT), consents: services.get(CONSENTS), log, gates, drainMs,
    files: services.get(FILES), dataFolder: folder, openCopies: (copies) => openStorage({ folder: copies, outside, log }),
    ports: {
      activated: async (tenantId, release) => { if (serving.front !== undefined) await services.get(SCHEDULER).register(tenantId, release.manifest.id, release.registrations.schedules) },
      requireEntitled: (tenantId, pluginId) => { services.get(ENTITLEMENTS).requireUse(tenantId, pluginId) },
      activatedMany: async (tenantIds, release) => { if (serving.front !== undefined) await services.get(SCHEDULER).registerMany(release.manifest.id, release.registrations.schedules, tenantIds) },
      deactivated: (tenantId, pluginId) => services.get(SCHEDULER).forget(tenantId, pluginId),
      // While they are opened every share counts: whether its provider runs is not known yet, and one that does not fails when it is called.
      sharedContracts: (tenantId) => {
        const shares = services.get(SHARES)
        const shared = shares.contractsFor(tenantId)
        const isProvided = (contract: string): boolean => running(shares.contractFrom(tenantId, contract)?.tenantId ?? '')?.providers.has(contract) ?? true
        return shared.size === 0 ? shared : new Set([...shared].filter(isProvided))
      },
      neededElsewhere: (tenantId, contracts) => services.get(SHARES).needing(tenantId, contracts),
      servedBy: (tenantId) => services.get(SHARES).servedBy(tenantId),
      check: (tenantId, release, from) => checkData({
        ports: contextPorts, files: services.get(FILES), cpu: quotas.cpu,
        settings: (id, { manifest, plugin }) => services.get(SETTINGS).as(id, manifest.id, plugin.settings ?? NO_SETTINGS),
        accepted: (id, pluginId) => services.get(CONSENTS).granted(id, pluginId),
      }, release, checkOrigin(tenantId), from),
    },
  }))
  running = modules
  const entitlementDesk = createEntitlementDesk({
    entitlements, catalogue, log, needingBelow: (tenantId, contracts) => services.get(SHARES).needingBelow(tenantId, contracts),
    tenants: services.get(TENANTS), installations: services.get(INSTALLATIONS),
  })
  await entitlementDesk.enforce()
  const waves = createWaveDesk({ installations: services.get(INSTALLATIONS), outside, log })
  scope.defer('waves', () => waves.close())

  const servingServices = async (): Promise<ServingServices> => ({
    outside, log, catalogue, events, secureCookies: secure, trustedProxies: config.trustedProxies,
    tenants: services.get(TENANTS),
    accounts: services.get(ACCOUNTS),
    sessions: services.get(SESSIONS),
    apiTokens: services.get(API_TOKENS),
    login: services.get(LOGIN),
    roles: services.get(ROLES),
    ownPassword: services.get(OWN_PASSWORD),
    grants: services.get(GRANTS),
    shares: services.get(SHARES),
    guests: services.get(GUESTS),
    administrators: services.get(ADMINISTRATORS),
    thresholds: services.get(THRESHOLDS),
    principals: services.get(PRINCIPALS),
    csrf: services.get(CSRF),
    settings: services.get(SETTINGS),
    audit: services.get(AUDIT),
    entitlements, entitlementDesk, quotas,
    installations: services.get(INSTALLATIONS),
    waves,
    removal: services.get(REMOVAL),
    consents: services.get(CONSENTS),
    consentDesk: services.get(CONSENT_DESK),
    runtime: services.get(RUNTIME),
    gates,
    layouts: services.get(LAYOUTS),
    pages: new KeptPages({ platform: { stamp: () => storage.platformStamp() }, modules, outside }),
    files: services.get(FILES),
    assets: await loadAssets([new URL(import.meta.resolve('@liberacces/sdk/ui.css')), new URL('./assets/shell.css', import.meta.url)]),
    notices: { signingKey: deriveKey(secret, 'notices'), secureCookies: secure, outside },
    gauges: {
      open_stores: { help: 'Stores open now.', read: () => storage.stats.openStores },
      statements_refused: { help: 'Statements of plugins that were refused.', read: () => storage.stats.statementsRefused },
      events_delivered: { help: 'Deliveries that were made.', read: () => events.stats.delivered },
      events_failed: { help: 'Deliveries that failed and are tried again.', read: () => events.stats.failed },
      events_dead: { help: 'Deliveries given up.', read: () => events.stats.dead },
    },
  })

  const privacy = createPrivacyDesk({
    runtime: services.get(RUNTIME), gates, audit: services.get(AUDIT), modules, origin: systemOrigin,
    storesOf: async (tenantId) => (await storage.storesOf(tenantId)).map(({ pluginId }) => pluginId),
  })

  return {
    config, log, storage, catalogue, events, systemOrigin, deliver, privacy,
    backup: (options) => makeBackup({ dataFolder: folder, storage, outside, files: services.get(FILES) }, options),
    leaving: createLeaving({
      dataFolder: folder, storage, catalogue, outside, privacy,
      files: services.get(FILES),
      tenants: services.get(TENANTS),
      installations: services.get(INSTALLATIONS),
      consents: services.get(CONSENTS),
      entitlements: services.get(ENTITLEMENTS),
      settings: services.get(SETTINGS),
      roles: services.get(ROLES),
      passwords: services.get(PASSWORDS),
      audit: services.get(AUDIT),
      wake: async (key) => {
        await events.markDirty(key)
        events.notify(key)
      },
    }),
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
    releases: createReleases({
      storage, outside, audit: services.get(AUDIT), catalogue, folder: releaseFolder,
      poolId: () => services.get(TENANTS).pool()?.id ?? KERNEL_ID,
      tryOut: async (plugin) => {
        const release = { ...plugin, scope: new Scope('trial') }
        refuseConflicts(release)
        await serving.front?.tryOut(release)
      },
    }),
    entitlements, entitlementDesk, quotas,
    installations: services.get(INSTALLATIONS),
    scheduler: services.get(SCHEDULER),
    runtime: services.get(RUNTIME),
    gates,
    waves,
    removal: services.get(REMOVAL),
    listen: async () => {
      const front = await servePlatform(await servingServices())
      scope.defer('front', () => front.stop())
      serving.front = front
      serving.port = await listenOn(front, config)
      await events.start()
      const tell = createTeller({
        storage, outside, ledger: quotas.ledger, transport, from: mailFrom, log,
        senderName: () => services.get(TENANTS).pool()?.info.name ?? 'LiberAccès',
        textOf: (warning) => quotaWarningText(warning, services.get(TENANTS).byId(warning.tenantId)),
      })
      everyMinute(scope, log, [tell, () => quotas.ledger.flush()])
      sweepNowAndThen(scope, log, [() => services.get(SESSIONS).sweep(), () => services.get(LOGIN_THROTTLE).sweep(), () => services.get(GRANTS).sweep()])
      for (const [release, tenantIds] of tenantsByRelease(services.get(TENANTS).all(), modules)) {
        await services.get(SCHEDULER).registerMany(release.manifest.id, release.registrations.schedules, tenantIds)
      }
      if (services.get(TENANTS).size > MANY_TENANTS) await settleMemory(storage.platform as unknown as Kysely<never>)
      return { port: serving.port }
    },
    stop: () => scope.close(),
  }
}

function isPoolActor(services: Container): IsPoolActor {
  return (by) => createIsPoolActor(services.get(TENANTS), (tenantId, id) => services.get(ACCOUNTS).get(tenantId, id))(by)
}

const NO_SETTINGS: TObject = Type.Object({})
/** From so many tenants on, what a start leaves behind is worth the 100 ms of clearing it away. */
const MANY_TENANTS = 5_000

/** Who runs what has schedules. */
function tenantsByRelease(tenants: Iterable<Tenant>, modules: (tenantId: string) => Modules): ReadonlyMap<LoadedRelease, readonly string[]> {
  const found = new Map<LoadedRelease, string[]>()
  for (const { id } of tenants) {
    for (const release of modules(id).releases) {
      if (release.registrations.schedules.length === 0) continue
      const ids = found.get(release)
      if (ids === undefined) found.set(release, [id])
      else ids.push(id)
    }
  }
  return found
}
