import { v7 as uuidv7 } from 'uuid'
import type { Container } from '../container.ts'
import { checkAddress, type EgressGate } from '../egress/egress-policy.ts'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { sanitizeHtml } from '../pages/foreign/sanitize-html.ts'
import { createForward } from '../process/forward.ts'
import { openApplications } from '../remote/applications.ts'
import { answerCallback, CALLBACK_PATH } from '../remote/callback-endpoint.ts'
import { CallTokens } from '../remote/call-tokens.ts'
import { RemoteRunner } from '../remote/remote-runner.ts'
import { fetchDescription, type LinkDeps } from '../remote/remote-link.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { Base } from './base.ts'
import { sealerFor } from './sealer-for.ts'
import { APPLICATIONS, AUDIT, CALLBACK, EGRESS, RELEASES, TENANTS } from './tokens.ts'

/** Applications that answer elsewhere: how they are called, and how they ask. */
export async function openRemote(services: Container, base: Base): Promise<void> {
  const { storage, outside, log, config, life, serving, secure } = base
  const node = life?.id ?? 'local'
  const tokens = new CallTokens((length) => outside.randomBytes(length))
  const gate: EgressGate = {
    ...services.get(EGRESS),
    refused: (host, address) => { log.warn({ host, address }, 'an application is not called at an address that is none of the public internet') },
  }
  const link: LinkDeps = { ...gate, fetch: outside.fetch, now: () => outside.now(), newId: () => uuidv7({ msecs: outside.now(), random: outside.randomBytes(16) }) }
  // Who it is, is not known before it has said it: it is asked where the operator lets anyone go, and looked at again by its name.
  const unnamed: LinkDeps = { ...link, policy: { allows: (_plugin, ...place) => link.policy.allows(undefined, ...place) } }
  const applications = await openApplications({
    storage, outside, audit: services.get(AUDIT), sealer: sealerFor(base, 'applications'), releases: services.get(RELEASES),
    poolId: () => services.get(TENANTS).pool()?.id ?? KERNEL_ID,
    describe: (url) => fetchDescription(unnamed, { pluginId: new URL(url).host, url }),
    checkAddress: async (pluginId, text) => {
      const url = new URL(text)
      await checkAddress(gate, pluginId, url.hostname, url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port), AbortSignal.timeout(15_000))
    },
  })
  services.set(APPLICATIONS, applications)
  services.set(CALLBACK, (request, response) => answerCallback({ tokens, node, tenantByHost: (host) => services.get(TENANTS).byHost(host), log }, request, response))
  base.elsewhere.connect = (release) => {
    const csrfToken = `token-${Buffer.from(outside.randomBytes(16)).toString('hex')}`
    const runner = new RemoteRunner({
      link, applications, tokens, randomBytes: (length) => outside.randomBytes(length),
      callbackUrl: (application, tenant) => `${config.callbackUrl ?? ownAddress(application, tenant)}${CALLBACK_PATH}${node}`,
    }, release, csrfToken)
    return { forward: createForward(runner, csrfToken, sanitizeHtml), process: runner }
  }

  /** The tenant's own, or this machine's for an application on it. */
  function ownAddress(application: string, { hosts }: Tenant): string {
    const { hostname } = new URL(application)
    if (hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost') return `http://${config.host === '::1' ? '[::1]' : '127.0.0.1'}:${serving.port}`
    return `${secure ? 'https' : 'http'}://${hosts[0] ?? ''}${secure ? '' : `:${serving.port}`}`
  }
}
