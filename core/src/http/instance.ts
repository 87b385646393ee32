import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { answerFailure, type Blame, type FailurePorts } from './failure.ts'
import { DEFAULT_LIMITS, type FrontLimits } from './front-ports.ts'
import { methodNotAllowed, nothingHere } from './refusal.ts'
import { pathOf } from './request-path.ts'

interface InstanceOptions {
  readonly blame?: Blame
  /** Methods that an address takes, asked when nothing matched. */
  readonly allowedMethods?: (path: string) => readonly string[]
  /** Told of each answer that is a 5xx. */
  readonly failed?: (code: string, error: unknown) => void
}

/** What every instance has: our errors, our 404, and JSON as the only content type. */
const conventions = plugin((instance: FastifyInstance, { ports, blame, allowedMethods, failed }: InstanceOptions & { readonly ports: FailurePorts }, done: () => void) => {
  const fail = async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { status, headers, body, code } = await answerFailure(ports, request.raw, error, blame)
    if (status >= 500) failed?.(code, error)
    // What the handler had in mind for its own answer is not true of this one.
    for (const name of Object.keys(reply.getHeaders())) {
      const ours = reply.raw.getHeader(name)
      if (ours === undefined) reply.removeHeader(name)
      else if (name !== 'set-cookie') reply.header(name, ours)
    }
    // As bytes: to a text the server would add a charset, which problem+json does not have (RFC 9457, section 3).
    return reply.code(status).headers(headers).send(Buffer.from(body))
  }
  instance.setErrorHandler(fail)
  instance.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods?.(pathOf(request.raw.url ?? '')) ?? []
    return fail(allowed.length > 0 ? methodNotAllowed(request.method, allowed) : nothingHere(), request, reply)
  })
  // A text/plain body can be sent by any site's form, past the check of origin that browsers make for JSON.
  instance.removeContentTypeParser('text/plain')
  done()
})

/** A server instance that never listens: the front hands it requests. */
export async function createInstance(ports: FailurePorts & { readonly limits?: Partial<FrontLimits>; readonly trustedProxies?: readonly string[] }, options: InstanceOptions = {}): Promise<FastifyInstance> {
  const instance = fastify({
    trustProxy: ports.trustedProxies === undefined || ports.trustedProxies.length === 0 ? false : [...ports.trustedProxies],
    bodyLimit: ports.limits?.bodyBytes ?? DEFAULT_LIMITS.bodyBytes,
    // The front drains an instance before it closes it, so nothing may be refused meanwhile.
    return503OnClosing: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error, request, reply: FastifyReply) => {
      void answerFailure(ports, request.raw, error, options.blame).then(({ status, headers, body }) => reply.code(status).headers(headers).send(body))
    },
  })
  await instance.register(conventions, { ...options, ports })
  return instance
}
