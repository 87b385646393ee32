import type { Container } from '../container.ts'
import { loadAssets } from '../http/kernel/assets.ts'
import type { Gauges } from '../http/kernel/gauges.ts'
import { collectEvidence } from '../evidence/collect-evidence.ts'
import { deriveKey } from '../identity/server-secret.ts'
import type { ServingServices } from '../sites/serve-platform.ts'
import { KeptPages } from '../slots/kept-pages.ts'
import type { Base } from './base.ts'
import { currentModules } from './current-modules.ts'
import { nodeDutiesOf, nodesOf } from './nodes-of.ts'
import {
  ACCOUNTS, ADMINISTRATORS, API_TOKENS, AUDIT, CALLBACK, CONSENTS, CONSENT_DESK, CSRF, ENTITLEMENTS, ENTITLEMENT_DESK, EVENTS, EVENT_RECORDS, FILES, GRANTS, GUESTS, INSTALLATIONS, LABELS, LAYOUTS,
  LOGIN, OWN_PASSWORD, PRINCIPALS, QUOTAS, REMOVAL, REPLAYS, ROLES, RUNTIME, SESSIONS, SETTINGS, SHARES, TENANTS, THRESHOLDS, WAVES, WORKERS,
} from './tokens.ts'

/** What the front and the pages reach of the kernel. */
export async function servingServices(services: Container, base: Base): Promise<ServingServices> {
  const { config, outside, log, storage, health, catalogue, gates, secret, secure, life, bulletin, announcement } = base
  const startedAt = outside.now()
  return {
    outside, log, health, catalogue, gates, announcement, secureCookies: secure, trustedProxies: config.trustedProxies,
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
    entitlements: services.get(ENTITLEMENTS),
    entitlementDesk: services.get(ENTITLEMENT_DESK),
    quotas: services.get(QUOTAS),
    installations: services.get(INSTALLATIONS),
    waves: services.get(WAVES),
    labels: services.get(LABELS),
    evidence: () => collectEvidence({
      config, outside, storage, catalogue, tenants: services.get(TENANTS), installations: services.get(INSTALLATIONS), waves: services.get(WAVES), labels: services.get(LABELS),
      contactOf: (tenantId) => services.get(SETTINGS).peekKernel(tenantId)?.contact, poolId: () => services.get(TENANTS).pool()?.id ?? '',
    }),
    nodeDuties: () => nodeDutiesOf(base),
    removal: services.get(REMOVAL),
    consents: services.get(CONSENTS),
    consentDesk: services.get(CONSENT_DESK),
    runtime: services.get(RUNTIME),
    events: services.get(EVENTS),
    eventRecords: services.get(EVENT_RECORDS),
    replays: services.get(REPLAYS),
    layouts: services.get(LAYOUTS),
    pages: new KeptPages({ platform: { stamp: () => storage.platformStamp() }, modules: currentModules(services), outside, announcement }),
    files: services.get(FILES),
    assets: await loadAssets([new URL(import.meta.resolve('@liberacces/sdk/ui.css')), new URL('../assets/shell.css', import.meta.url)]),
    notices: { signingKey: deriveKey(secret, 'notices'), secureCookies: secure, outside },
    gauges: gaugesOf(services, base),
    tracer: base.tracer,
    nodes: () => nodesOf(base, startedAt),
    workers: services.get(WORKERS),
    callback: services.get(CALLBACK),
    ready: () => life === undefined || (life.isSure && bulletin.isHearing) || 'cut off from the database, or from what other nodes change',
  }
}

function gaugesOf(services: Container, { storage }: Base): Gauges {
  const events = services.get(EVENTS)
  const workers = services.get(WORKERS)
  return {
    workers_troubled: { help: 'Workers of plugins that cannot do their work now.', read: () => workers.list().filter(({ state }) => state === 'troubled').length },
    open_stores: { help: 'Stores open now.', read: () => storage.stats.openStores },
    store_descriptors: { help: 'Files that open stores hold on SQLite; connections of plugins to the database on PostgreSQL.', read: () => storage.stats.storeDescriptors },
    stores_opened: { help: 'Stores opened since the start.', read: () => storage.stats.openedTotal },
    event_stores_pending: { help: 'Stores that have events to deliver.', read: () => events.stats.pendingStores },
    statements_refused: { help: 'Statements of plugins that were refused.', read: () => storage.stats.statementsRefused },
    events_delivered: { help: 'Deliveries that were made.', read: () => events.stats.delivered },
    events_failed: { help: 'Deliveries that failed and are tried again.', read: () => events.stats.failed },
    events_dead: { help: 'Deliveries given up.', read: () => events.stats.dead },
  }
}
