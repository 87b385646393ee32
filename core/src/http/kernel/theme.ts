import type { FastifyInstance } from 'fastify'
import { requestContext } from '../request-context.ts'
import type { KernelPorts } from './kernel-ports.ts'

/** A tenant's colour as a token. Anything but `#rrggbb` is left out: the value comes from a settings form, and goes into a style sheet. */
export function themeCss(theme: { readonly accent: string } | undefined): string {
  return theme !== undefined && /^#[0-9a-f]{6}$/i.test(theme.accent) ? `:root{--la-accent:${theme.accent.toLowerCase()}}\n` : ''
}

/** `/theme.css`: what is the tenant's own in the look of its pages. */
export function registerTheme(instance: FastifyInstance, ports: Pick<KernelPorts, 'theme'>): void {
  instance.get('/theme.css', (request, reply) => {
    const css = themeCss(ports.theme(requestContext(request.raw).tenant))
    return reply.header('cache-control', 'public, max-age=300').type('text/css; charset=utf-8').send(css)
  })
}
