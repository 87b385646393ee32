import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Invalid, Redirect } from '@liberacces/sdk'
import type { Endpoint } from '@liberacces/sdk/host'
import { PlatformError } from '../../errors.ts'
import { nothingHere, type Refusal } from '../refusal.ts'
import type { RequestContext } from '../request-context.ts'
import { admission, checkForgery } from './admission.ts'
import { addAddress, callOf, type AnyHandler, type EndpointSetup } from './endpoint-setup.ts'
import { PAGE_ANSWERS, withAnswers } from './handler-context.ts'
import { answerInvalid, kindOf, noticeOf } from './plugin-answer.ts'
import { addressReader } from './request-input.ts'
import { sendRedirect } from './send-page.ts'
import { readForm } from './submitted-form.ts'

/** Registers an action: one button's POST. It has no page of its own, so what is wrong is told by an error page (422). */
export function addAction(setup: EndpointSetup, endpoint: Extract<Endpoint, { kind: 'action' }>): void {
  const { release, ports } = setup
  const call = callOf(setup, endpoint)
  const readAddress = addressReader(endpoint)
  const handler = endpoint.handler as unknown as AnyHandler

  const handle = async (request: FastifyRequest, reply: FastifyReply, context: RequestContext): Promise<unknown> => {
    const { params } = readAddress(request)
    await readForm(request, {
      files: ports.files, key: { tenantId: context.tenant.id, pluginId: release.manifest.id }, uploads: [], locale: context.locale, stored: () => undefined,
      checkToken: (token) => { checkForgery(ports.csrf, request, context, token) },
    })
    const { answer, notice } = await ports.runtime.call(release, context, call, async (c) => {
      const given = await handler(withAnswers(c, PAGE_ANSWERS), { params })
      return { answer: given, notice: kindOf(given) === 'redirect' ? noticeOf(c, given as Redirect) : undefined }
    })
    switch (kindOf(answer)) {
      case 'redirect': return sendRedirect(setup, call.what, reply, context, answer as Redirect, notice)
      case 'not-found': throw nothingHere()
      case 'invalid': throw refused(answer as Invalid)
      default: throw answerInvalid(release, call.what, 'it answered with nothing that an action can answer.', 'Return c.redirect(…), c.invalid(…) or c.notFound().')
    }
  }
  addAddress(setup, 'POST', endpoint.path, admission(setup, endpoint), handle)
}

function refused({ errors }: Invalid): Refusal {
  const error = new PlatformError('REQUEST_INVALID', Object.values(errors).join(' '), { fix: 'Go back and try again.', fields: errors })
  return Object.assign(error, { status: 422 })
}
