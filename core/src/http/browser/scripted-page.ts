import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PageScript } from '@liberacces/sdk'
import type { PageContent } from '../endpoints/endpoint-ports.ts'
import type { EndpointSetup } from '../endpoints/endpoint-setup.ts'
import type { RequestContext } from '../request-context.ts'
import { scriptUrl } from './add-scripts.ts'
import { mayRunScripts } from './may-run-scripts.ts'
import { permissionsPolicy, scriptAddresses, scriptPolicy } from './script-policy.ts'

/** Said to the offline worker of a page that it may keep. */
const KEEP_HEADER = 'liberacces-offline'

/**
 * What a page loads that asks for a script, and the headers that hold it to the plugin's own addresses; `undefined` where it runs nothing: it asks for none, or the tenant
 * refused.
 */
export async function scriptedPage(setup: EndpointSetup, browser: PageScript | undefined, request: FastifyRequest, reply: FastifyReply, context: RequestContext): Promise<PageContent['scripted']> {
  if (browser === undefined || !(await mayRunScripts(setup, context))) return undefined
  const { release, ports } = setup
  const own = scriptUrl(release, browser.script)
  if (own === undefined) return undefined
  const keeper = browser.offline === true ? ports.kernel.assets.url('offline-page.js') : undefined
  reply.header('content-security-policy', scriptPolicy({ release, host: request.headers.host ?? '', keeper })).header('permissions-policy', permissionsPolicy(browser.camera === true))
  if (keeper === undefined) return { scripts: [own], worker: undefined }
  reply.header(KEEP_HEADER, 'keep')
  return { scripts: [keeper, own], worker: scriptAddresses(release).worker }
}
