import type { FastifyInstance } from 'fastify'
import { DEFAULT_ACCENT, themeCss } from '../../pages/theme.ts'
import { requestContext } from '../request-context.ts'
import type { KernelPorts } from './kernel-ports.ts'

/** `/theme.css`: what is the tenant's own in the look of its pages. Only a colour of the form `#rrggbb` gets into it. */
export function registerTheme(instance: FastifyInstance, ports: Pick<KernelPorts, 'theme'>): void {
  instance.get('/theme.css', (request, reply) => {
    const css = themeCss(ports.theme(requestContext(request.raw).tenant)?.accent ?? DEFAULT_ACCENT)
    return reply.header('cache-control', 'public, max-age=300').type('text/css; charset=utf-8').send(css)
  })
}
