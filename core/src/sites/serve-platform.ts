import type { Tracer } from '../tracing/tracer.ts'
import type { IncomingMessage } from 'node:http'
import { parseCookie } from 'cookie'
import type { Logger } from 'pino'
import type { FrontPorts } from '../http/front-ports.ts'
import { createFront, type Front } from '../http/front.ts'
import type { FilePort, PageContent } from '../http/endpoints/endpoint-ports.ts'
import { bringsNotice } from '../http/notice-cookie.ts'
import { reportReleases } from '../health/release-reports.ts'
import { registerHealthMetrics } from '../http/kernel/health-metrics.ts'
import { registerGauges, type Gauges } from '../http/kernel/gauges.ts'
import type { ApiTokens } from '../identity/api-tokens.ts'
import { AUDIT_READ } from '../identity/kernel-permissions.ts'
import type { Principal } from '../identity/principal.ts'
import type { Principals } from '../identity/principals.ts'
import { SESSION_COOKIE } from '../identity/session-cookie.ts'
import type { Area } from '../pages/shell.tsx'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { errorPage } from './error-page.ts'
import { frame } from './frame.ts'
import { registerSites } from './register-sites.ts'
import type { SiteServices } from './site-services.ts'

/** What serving needs besides what the pages need. */
export interface ServingServices extends SiteServices {
  readonly log: Logger
  readonly apiTokens: ApiTokens
  readonly principals: Principals
  readonly files: FilePort
  readonly gauges: Gauges
  readonly tracer: Tracer | undefined
  readonly trustedProxies: readonly string[]
  readonly callback: FrontPorts['callback']
  /** `true`, or why it cannot serve. */
  readonly ready: () => true | string
}

const AREAS = { public: 'guichet', citizen: 'guichet', agent: 'bureau', admin: 'admin' } as const satisfies Record<PageContent['audience'], Area>

/** Makes the front with everything behind it, and puts every release of the catalogue in place. Nothing listens yet. */
export async function servePlatform(services: ServingServices): Promise<Front> {
  const { log, outside, runtime, gates, files, csrf, tenants, installations, settings, principals } = services
  const front = await createFront({
    log, outside, runtime, gates, files, csrf,
    pages: {
      render: ({ context, audience, title, content, notice, path, scripted }) => frame(services, context, path, { area: AREAS[audience], title, body: content, notice, scripted }),
    },
    renderError: ({ context, problem }) => errorPage(services, context, problem),
    kernel: {
      releasesOf: (tenant) => installations.modules(tenant.id).releases,
      theme: (tenant) => settings.peekKernel(tenant.id),
      registerMetrics: (registry) => {
        registerGauges(registry, services.gauges)
        registerHealthMetrics(registry, services.health, () => reportReleases(services))
      },
      metricsPermission: AUDIT_READ,
      assets: services.assets,
    },
    tenantByHost: (host) => tenants.byHost(host),
    authenticate: (request, tenant) => authenticate(services, principals, request, tenant),
    // A notice is shown once, on a page that is made for it.
    readyPage: (request, path, context) => (bringsNotice(request) ? undefined : services.pages.find(path, context)),
    releaseAt: (tenant, path) => installations.modules(tenant.id).byPath.get(path),
    ready: services.ready,
    kernelRoutes: (instance) => registerSites(instance, services),
    signingKey: services.notices.signingKey,
    secureCookies: services.secureCookies,
    trustedProxies: services.trustedProxies,
    tracer: services.tracer,
    callback: services.callback,
  })
  const mount = async (release: LoadedRelease): Promise<void> => {
    const mounted = await front.mount(release)
    release.scope.defer('server instance', async () => { await mounted.unmount() })
  }
  // From now on what is loaded takes requests before anyone gets it, and what is let go answers those that it has.
  services.catalogue.onLoaded(mount)
  for (const release of services.catalogue.releases) {
    try {
      await mount(release)
    } catch (error) {
      // Its pages answer 503; everyone else's are there.
      log.error({ plugin: release.manifest.id, release: release.manifest.version, err: error }, 'a plugin cannot serve requests')
    }
  }
  return front
}

function known(found: Principal | undefined | Promise<Principal | undefined>, principals: Principals, tenant: Tenant): Principal | Promise<Principal> {
  return found instanceof Promise ? found.then((later) => later ?? principals.anonymous(tenant)) : found ?? principals.anonymous(tenant)
}

/** Who makes a request: by token where there is one, else by the session's cookie, else nobody. */
function authenticate({ apiTokens, sessions }: ServingServices, principals: Principals, { headers }: IncomingMessage, tenant: Tenant): Principal | Promise<Principal> {
  if (headers.authorization !== undefined) return known(apiTokens.resolve(headers.authorization, tenant), principals, tenant)
  const token = headers.cookie?.includes(SESSION_COOKIE) === true ? parseCookie(headers.cookie)[SESSION_COOKIE] : undefined
  return token === undefined ? principals.anonymous(tenant) : known(sessions.resolve(token, tenant), principals, tenant)
}
