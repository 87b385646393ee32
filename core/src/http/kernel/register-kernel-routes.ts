import type { FastifyInstance } from 'fastify'
import { PlatformError } from '../../errors.ts'
import { asyncApiOf } from '../asyncapi.ts'
import type { FrontPorts } from '../front-ports.ts'
import type { HttpMetrics } from '../http-metrics.ts'
import { openApiOf } from '../openapi.ts'
import { requestContext } from '../request-context.ts'
import { registerAssets } from './assets.ts'
import { registerErrorsPage } from './errors-page.ts'
import { registerTheme } from './theme.ts'

const ROBOTS = 'User-agent: *\nDisallow: /admin\nDisallow: /auth/\nDisallow: /bureau\n'
const FAVICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1f3a8a"/><path d="M11 7v18h11v-4h-7V7z" fill="#fff"/></svg>'

/** The kernel's own addresses; those with pages are registered by `ports.kernelRoutes`. */
export async function registerKernelRoutes(instance: FastifyInstance, ports: FrontPorts, metrics: HttpMetrics): Promise<void> {
  const { kernel } = ports
  registerAssets(instance, kernel.assets)
  registerTheme(instance, kernel)
  registerErrorsPage(instance)
  instance.get('/robots.txt', (_request, reply) => reply.header('cache-control', 'public, max-age=86400').type('text/plain; charset=utf-8').send(ROBOTS))
  instance.get('/favicon.svg', (_request, reply) => reply.header('cache-control', 'public, max-age=86400').type('image/svg+xml').send(FAVICON))
  instance.get('/openapi.json', (request, reply) => {
    const { tenant } = requestContext(request.raw)
    return reply.type('application/json').send(JSON.stringify(openApiOf(tenant, kernel.releasesOf(tenant))))
  })
  instance.get('/asyncapi.json', (request, reply) => {
    const { tenant } = requestContext(request.raw)
    return reply.type('application/json').send(JSON.stringify(asyncApiOf(tenant, kernel.releasesOf(tenant), { host: request.headers.host ?? '', isSecure: ports.secureCookies })))
  })
  instance.get('/metrics', async (request, reply) => {
    const { principal } = requestContext(request.raw)
    if (principal.kind === 'anonymous') throw new PlatformError('AUTH_REQUIRED', 'Metrics are for this machine, or for a token that may read them.', { fix: 'Send a token with the permission.' })
    if (!principal.permissions.has(kernel.metricsPermission)) throw new PlatformError('PERMISSION_DENIED', 'You do not have the permission this needs.', { fix: `Ask for ${kernel.metricsPermission}.` })
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  await ports.kernelRoutes(instance)
}
