import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LoadedScript } from '../../catalogue/page-scripts.ts'
import type { LoadedRelease } from '../../runtime/release.ts'
import type { EndpointSetup } from '../endpoints/endpoint-setup.ts'
import { nothingHere } from '../refusal.ts'
import { requestContext } from '../request-context.ts'
import { mayRunScripts } from './may-run-scripts.ts'
import { permissionsPolicy, scriptAddresses, scriptPolicy, workerPolicy } from './script-policy.ts'

const IMMUTABLE = 'public, max-age=31536000, immutable'
const JAVASCRIPT = 'text/javascript; charset=utf-8'
/** How long a page is shown without a network, in milliseconds. */
const KEPT_MS = 12 * 3_600_000

/** Address of a script. What stands there never changes. */
export function scriptUrl(release: LoadedRelease, name: string): string | undefined {
  const script = release.scripts?.get(name)
  return script === undefined ? undefined : `${scriptAddresses(release).scripts}${script.hash}/${name}.js`
}

/** Adds the addresses that pages with scripts load: the scripts themselves, and the platform's offline worker where a page is kept. */
export async function addScripts(setup: EndpointSetup): Promise<void> {
  const { instance, release, ports } = setup
  const { scripts } = release
  if (scripts === undefined || scripts.size === 0) return
  const addresses = scriptAddresses(release)
  const send = (reply: FastifyReply, { content }: LoadedScript): unknown => reply.header('cache-control', IMMUTABLE).type(JAVASCRIPT).send(content)
  for (const [name, script] of scripts) instance.get(scriptUrl(release, name) ?? '', (_request, reply) => send(reply, script))

  const kept = release.registrations.endpoints.flatMap((endpoint) => (endpoint.kind === 'page' && endpoint.browser?.offline === true ? [endpoint.browser] : []))
  if (kept.length === 0) return
  const worker = await readFile(new URL('../../assets/offline-worker.js', import.meta.url), 'utf8')
  const keeper = ports.kernel.assets.url('offline-page.js')
  const camera = kept.some((page) => page.camera === true)
  instance.get(addresses.worker, async (request: FastifyRequest, reply: FastifyReply) => {
    const context = requestContext(request.raw)
    if (!(await mayRunScripts(setup, context))) throw nothingHere()
    const host = request.headers.host ?? ''
    const settings = {
      // What was kept by another release is not shown with this one.
      name: `liberacces-offline:${release.manifest.id}:`, release: `${release.manifest.version}-${[...scripts.values()].map(({ hash }) => hash).join('-')}`, ...addresses, keeper, keptMs: KEPT_MS,
      key: createHmac('sha256', ports.signingKey).update(`offline:${context.tenant.id}:${release.manifest.id}`).digest('hex'),
      headers: {
        'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin', 'Cross-Origin-Opener-Policy': 'same-origin',
        'Content-Security-Policy': scriptPolicy({ release, host, keeper }), 'Permissions-Policy': permissionsPolicy(camera),
      },
    }
    return reply.header('content-security-policy', workerPolicy(release, host)).header('cache-control', 'no-cache').type(JAVASCRIPT).send(`const SETTINGS = ${JSON.stringify(settings)};\n${worker}`)
  })
}
