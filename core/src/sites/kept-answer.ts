import type { FastifyReply, FastifyRequest } from 'fastify'
import { bringsNotice } from '../http/notice-cookie.ts'
import { bytesOfReadyPage } from '../http/ready-page.ts'
import { requestContext } from '../http/request-context.ts'
import { pathOf } from '../http/request-path.ts'
import type { Origin } from '../runtime/runtime.ts'
import { frame, framedAnswer, type Framed } from './frame.ts'
import type { SiteServices } from './site-services.ts'

/**
 * Answers with a page that is made for each request, or with the one made before where it would be the same.
 * @param make - makes the page of the person in `origin`, on whose behalf plugins are called; whether the person may see it was asked before
 */
export function keptAnswer(services: SiteServices, request: FastifyRequest, reply: FastifyReply, make: (origin: Origin) => Promise<Omit<Framed, 'notice'>>): FastifyReply | Promise<FastifyReply> {
  const context = requestContext(request.raw)
  const path = pathOf(request.raw.url ?? '/')
  reply.type('text/html; charset=utf-8')
  // A notice is shown once.
  if (bringsNotice(request.raw)) return make(context).then((page) => reply.send(framedAnswer(services, request.raw, reply.raw, page)))
  const kept = services.pages.find(path, context)
  if (kept !== undefined) return reply.send(bytesOfReadyPage(kept))
  return services.pages.make(path, context, async (reads) => {
    const { tenant, principal, locale, traceparent, tracestate } = context
    // What says that somebody is in must not outlast it.
    for (const { endsAt } of services.grants.openOn(tenant.id)) if (endsAt !== undefined) reads.holdsUntil(endsAt)
    return frame(services, context, path, await make({ tenant, principal, locale, traceparent, tracestate, reads, get signal() { return context.signal } }))
  }).then((html) => reply.send(html))
}
