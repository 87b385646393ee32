import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Redirect } from '@liberacces/sdk'
import type { Endpoint } from '@liberacces/sdk/host'
import { scriptedPage } from '../browser/scripted-page.ts'
import { sendNotice, takeNotice } from '../notice-cookie.ts'
import type { RequestContext } from '../request-context.ts'
import { pathOf } from '../request-path.ts'
import type { EndpointSetup } from './endpoint-setup.ts'
import { targetOf } from './plugin-answer.ts'

/** A page's own part, in the reader's language. */
export interface RenderedContent {
  readonly title: string
  /** HTML. */
  readonly content: string
}

/** Puts a page's content into the shell of its audience. */
export async function sendPage(
  setup: EndpointSetup, endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply, context: RequestContext, rendered: RenderedContent, status = 200,
): Promise<unknown> {
  const { ports, release } = setup
  const notice = takeNotice(ports, request.raw, reply.raw, context)
  const scripted = endpoint.kind === 'page' ? await scriptedPage(setup, endpoint.browser, request, reply, context) : undefined
  const html = await ports.pages.render({ context, release, audience: endpoint.audience, ...rendered, notice, scripted, path: pathOf(request.raw.url ?? '') })
  return reply.code(status).header('content-type', 'text/html; charset=utf-8').header('vary', 'Cookie, Accept-Language').send(html)
}

/** See Other, with the notice for the next page. */
export function sendRedirect({ ports, release }: EndpointSetup, what: string, reply: FastifyReply, context: RequestContext, redirect: Redirect, notice: string | undefined): unknown {
  const target = targetOf(release, what, redirect)
  if (notice !== undefined) sendNotice(ports, reply.raw, context, notice)
  return reply.code(303).header('location', target).send()
}
