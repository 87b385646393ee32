import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FileReply, Redirect, Reply } from '@liberacces/sdk'
import type { Endpoint } from '@liberacces/sdk/host'
import { nothingHere } from '../refusal.ts'
import type { RequestContext } from '../request-context.ts'
import { admission } from './admission.ts'
import { addAddress, callOf, nameOf, type AnyHandler, type EndpointSetup } from './endpoint-setup.ts'
import { sendFile } from './file-answer.ts'
import { ROUTE_ANSWERS, withAnswers } from './handler-context.ts'
import { answerInvalid, kindOf, targetOf } from './plugin-answer.ts'
import { rawOptions, rawReader } from './raw-body.ts'
import { replySender } from './reply-answer.ts'
import { addressReader, bodyReader } from './request-input.ts'

/** Registers a route of a plugin's API. Everything that depends only on its declaration is made here, once. */
export function addRoute(setup: EndpointSetup, endpoint: Extract<Endpoint, { kind: 'route' }>): void {
  const { release, ports: { runtime } } = setup
  const call = callOf(setup, endpoint)
  const readAddress = addressReader(endpoint)
  const readBody = rawOptions(endpoint.body) === undefined ? bodyReader(endpoint.body) : rawReader(endpoint.body)
  const sendReply = replySender(release, call.what, endpoint.response)
  const handler = endpoint.handler as unknown as AnyHandler

  const handle = async (request: FastifyRequest, reply: FastifyReply, context: RequestContext): Promise<unknown> => {
    const { params, query } = readAddress(request)
    const input = { params, query, body: readBody(request) }
    const answer = await runtime.call(release, context, call, (c) => handler(withAnswers(c, ROUTE_ANSWERS), input))
    switch (kindOf(answer)) {
      case 'reply': {
        const body = sendReply(request, reply, context, answer as Reply)
        return reply.send(body)
      }
      case 'file': return sendFile(setup, request, reply, context, answer as FileReply)
      case 'redirect': return reply.code(303).header('location', targetOf(release, call.what, answer as Redirect)).send()
      case 'not-found': throw nothingHere()
      default: throw answerInvalid(release, nameOf(endpoint), 'it answered with nothing that an answer can be.', 'Return c.reply(…), c.file(…), c.redirect(…) or c.notFound().')
    }
  }
  addAddress(setup, endpoint.method, endpoint.path, admission(setup, endpoint), handle)
}
