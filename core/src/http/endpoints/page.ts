import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context, Redirect, TitledPage } from '@liberacces/sdk'
import { renderToHtml, type Endpoint } from '@liberacces/sdk/host'
import { nothingHere } from '../refusal.ts'
import { isElement } from '../../runtime/element.ts'
import type { RequestContext } from '../request-context.ts'
import { admission } from './admission.ts'
import { addAddress, callOf, type AnyHandler, type EndpointSetup } from './endpoint-setup.ts'
import { PAGE_ANSWERS, withAnswers } from './handler-context.ts'
import { answerInvalid, kindOf, noticeOf } from './plugin-answer.ts'
import { addressReader } from './request-input.ts'
import { sendPage, sendRedirect, type RenderedContent } from './send-page.ts'

type Outcome =
  | { readonly kind: 'rendered'; readonly rendered: RenderedContent }
  | { readonly kind: 'redirect'; readonly redirect: Redirect; readonly notice: string | undefined }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'wrong' }

/** Registers a page. Its elements are rendered within the call, so a component that throws is the plugin's failure too. */
export function addPage(setup: EndpointSetup, endpoint: Extract<Endpoint, { kind: 'page' }>): void {
  const { release, ports: { runtime } } = setup
  const call = callOf(setup, endpoint)
  const readAddress = addressReader(endpoint)
  const handler = endpoint.handler as unknown as AnyHandler

  const handle = async (request: FastifyRequest, reply: FastifyReply, context: RequestContext): Promise<unknown> => {
    const input = readAddress(request)
    const outcome = await runtime.call(release, context, call, async (c) => outcomeOf(c, context, endpoint.title, await handler(withAnswers(c, PAGE_ANSWERS), input)))
    switch (outcome.kind) {
      case 'rendered': return sendPage(setup, endpoint, request, reply, context, outcome.rendered)
      case 'redirect': return sendRedirect(setup, call.what, reply, context, outcome.redirect, outcome.notice)
      case 'not-found': throw nothingHere()
      case 'wrong': throw answerInvalid(release, call.what, 'it answered with nothing that a page can be.', 'Return an element, c.redirect(…) or c.notFound().')
      default: return outcome satisfies never
    }
  }
  addAddress(setup, 'GET', endpoint.path, admission(setup, endpoint), handle)
}

function outcomeOf(c: Context, { locale, principal }: RequestContext, title: string, answer: unknown): Outcome {
  const rendered = (shown: string, content: unknown): Outcome =>
    isElement(content) ? { kind: 'rendered', rendered: { title: shown, content: renderToHtml(content, { locale, csrfToken: principal.csrfToken }) } } : { kind: 'wrong' }
  switch (kindOf(answer)) {
    case 'redirect': return { kind: 'redirect', redirect: answer as Redirect, notice: noticeOf(c, answer as Redirect) }
    case 'not-found': return { kind: 'not-found' }
    case 'page': {
      const page = answer as TitledPage
      return rendered(page.title, page.content)
    }
    case undefined: return rendered(c.t(title), answer)
    default: return { kind: 'wrong' }
  }
}
