import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendNotice } from '../http/notice-cookie.ts'
import { requestContext } from '../http/request-context.ts'
import { framedAnswer, type Framed } from './frame.ts'
import type { SiteServices } from './site-services.ts'

/** Answers with a page in its frame. */
export function sendPage(services: SiteServices, request: FastifyRequest, reply: FastifyReply, page: Omit<Framed, 'notice'>): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, page))
}

/** Leads on to a page after a deed, where a notice says that it was done. */
export function goOn(services: SiteServices, request: FastifyRequest, reply: FastifyReply, to: string, notice: string): FastifyReply {
  sendNotice(services.notices, reply.raw, requestContext(request.raw), notice)
  return reply.code(303).header('location', to).send()
}
