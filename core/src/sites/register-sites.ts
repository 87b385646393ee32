import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import { PlatformError } from '../errors.ts'
import { prefersHtml } from '../http/media-preference.ts'
import { safeNext } from '../http/next-path.ts'
import { registerAdminAccounts } from './admin-accounts.ts'
import { registerAdminEvent } from './admin-event.ts'
import { registerAdminEventReplays } from './admin-event-replays.ts'
import { registerAdminEventRetention } from './admin-event-retention.ts'
import { registerAdminEvents } from './admin-events.ts'
import { registerAdminPluginConsent } from './admin-plugin-consent.ts'
import { registerAdminPluginRemoval } from './admin-plugin-removal.ts'
import { registerAdminPluginVersions } from './admin-plugin-versions.ts'
import { registerAdminPlugins } from './admin-plugins.ts'
import { registerAdminQuotas } from './admin-quotas.ts'
import { registerAdmin } from './admin.ts'
import { registerAdminGrants } from './admin-grants.ts'
import { registerAdminShares } from './admin-shares.ts'
import { registerBureau } from './bureau.ts'
import { registerConsoleRights } from './console-rights.ts'
import { registerConsoleLabels } from './console-labels.ts'
import { registerConsoleNodes } from './console-nodes.ts'
import { registerConsolePlugins } from './console-plugins.ts'
import { registerConsole } from './console.ts'
import { registerConsoleEvents } from './console-events.ts'
import { registerConsoleHealth } from './console-health.ts'
import { registerConsoleGrants } from './console-grants.ts'
import { registerEvidence } from './evidence.ts'
import { registerGovernance } from './governance.ts'
import { registerGrantEntry } from './grant-entry.ts'
import { registerGuichet } from './guichet.ts'
import { registerLogin } from './login.ts'
import { registerOwnAccount } from './own-account.ts'
import type { SiteServices } from './site-services.ts'

/** The platform's own pages. Their forms are read in a context of their own: no API takes what any site's form can send. */
export async function registerSites(instance: FastifyInstance, services: SiteServices): Promise<void> {
  await instance.register(async (sites) => {
    await sites.register(formbody, { parser: (text: string) => new URLSearchParams(text) as unknown as Record<string, unknown> })
    sites.setErrorHandler((error, request, reply) => {
      const wantsLogin = error instanceof PlatformError && error.code === 'AUTH_REQUIRED' && request.method === 'GET' && prefersHtml(request.headers.accept)
      // Thrown on, to the handler of the whole front.
      if (!wantsLogin) throw error
      return reply.code(303).header('location', `/auth/login?next=${encodeURIComponent(safeNext(request.url))}`).send()
    })
    registerLogin(sites, services)
    registerGuichet(sites, services)
    registerBureau(sites, services)
    registerAdmin(sites, services)
    registerAdminAccounts(sites, services)
    registerAdminEvents(sites, services)
    registerAdminEvent(sites, services)
    registerAdminEventReplays(sites, services)
    registerAdminEventRetention(sites, services)
    registerAdminPlugins(sites, services)
    registerAdminPluginVersions(sites, services)
    registerAdminPluginConsent(sites, services)
    registerAdminPluginRemoval(sites, services)
    registerAdminQuotas(sites, services)
    registerAdminGrants(sites, services)
    registerAdminShares(sites, services)
    registerGovernance(sites, services)
    registerOwnAccount(sites, services)
    registerGrantEntry(sites, services)
    registerConsoleGrants(sites, services)
    registerConsole(sites, services)
    registerConsoleEvents(sites, services)
    registerConsolePlugins(sites, services)
    registerConsoleHealth(sites, services)
    registerConsoleRights(sites, services)
    registerConsoleNodes(sites, services)
    registerConsoleLabels(sites, services)
    registerEvidence(sites, services)
  })
}
