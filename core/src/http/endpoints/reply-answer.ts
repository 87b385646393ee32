import type { FastifyReply, FastifyRequest } from 'fastify'
import fastJsonStringify from 'fast-json-stringify'
import type { Reply, Responses, TSchema } from '@liberacces/sdk'
import type { LoadedRelease } from '../../runtime/release.ts'
import type { RequestContext } from '../request-context.ts'
import { matchesEtag } from '../etag.ts'
import { answerInvalid } from './plugin-answer.ts'
import { compileSchema, type SchemaCheck } from './schema-check.ts'

/** Headers that a plugin may set; all others are the platform's. */
const ALLOWED_HEADERS: ReadonlySet<string> = new Set([
  'cache-control', 'content-disposition', 'content-language', 'etag', 'expires', 'last-modified', 'link', 'location', 'retry-after', 'vary', 'x-robots-tag',
])

interface CompiledResponse extends SchemaCheck {
  readonly mediaType: string
  readonly write: (body: unknown) => string
}

/** Sends what `c.reply` made, once it fits what the route declares. Fields that no schema names never leave. */
export type ReplySender = (request: FastifyRequest, reply: FastifyReply, context: RequestContext, answer: Reply) => string | undefined

/** Compiles the responses that a route declares. */
export function replySender(release: LoadedRelease, what: string, responses: Responses): ReplySender {
  const compiled = new Map(Object.entries(responses).map(([status, schema]) => [Number(status), compileResponse(schema)] as const))
  return (request, reply, { principal }, { status, body, headers }) => {
    const response = compiled.get(status)
    if (response === undefined) {
      throw answerInvalid(release, what, `it answered ${status}, which it does not declare.`, `Declare ${status} in "response", or answer ${[...compiled.keys()].join(' or ')}.`)
    }
    if (!response.fits(body)) {
      const fields = response.wrong(body, 'body')
      const places = Object.entries(fields).map(([place, problem]) => `${place}: ${problem}`).join('; ')
      throw answerInvalid(release, what, `its ${status} answer does not fit its schema. ${places}`, 'Correct the answer or its schema.', fields)
    }
    reply.code(status)
    for (const name in headers) {
      const value = checkedHeader(release, what, name, headers[name] ?? '')
      // Whatever the plugin thinks of caches: what a person sees when logged in stays out of them.
      if (principal.kind === 'anonymous' || name.toLowerCase() !== 'cache-control') reply.header(name, value)
    }
    if (status === 200 && headers['etag'] !== undefined && matchesEtag(request.headers['if-none-match'], headers['etag'])) {
      reply.code(304)
      return undefined
    }
    if (status === 204 || status === 304) return undefined
    reply.header('content-type', response.mediaType)
    return response.write(body)
  }
}

function compileResponse(schema: TSchema): CompiledResponse {
  const check = compileSchema(schema)
  const mediaType: unknown = schema['contentMediaType']
  if (typeof mediaType === 'string') {
    const text = /^text\/|[+/](xml|json|javascript)$/.test(mediaType) && !mediaType.includes('charset')
    return { ...check, mediaType: text ? `${mediaType}; charset=utf-8` : mediaType, write: String }
  }
  return { ...check, mediaType: 'application/json; charset=utf-8', write: jsonWriter(schema) }
}

/**
 * A writer made for the schema; for the few schemas it cannot be made for (recursive ones), the general one. Made for the
 * first answer: making those of all plugins would take a tenth of every start.
 */
function jsonWriter(schema: TSchema): (body: unknown) => string {
  let write: ((body: unknown) => string) | undefined
  return (body) => (write ??= makeWriter(schema))(body)
}

function makeWriter(schema: TSchema): (body: unknown) => string {
  try {
    // Through JSON: the symbols and functions of TypeBox are nothing to a JSON Schema reader.
    // Patterns mean what they mean to TypeBox, and end in time as they do there: V8's other engine knows no Unicode mode.
    return fastJsonStringify(JSON.parse(JSON.stringify(schema)) as fastJsonStringify.AnySchema, { ajv: { unicodeRegExp: false } })
  } catch {
    return (body) => JSON.stringify(body)
  }
}

function checkedHeader(release: LoadedRelease, what: string, name: string, value: string): string {
  if (!ALLOWED_HEADERS.has(name.toLowerCase())) {
    throw answerInvalid(release, what, `it sets the header "${name}".`, `A plugin may set ${[...ALLOWED_HEADERS].join(', ')}.`)
  }
  if (/[^\t\x20-\x7e\xa0-\xff]/.test(value)) throw answerInvalid(release, what, `its header "${name}" holds characters that no header may hold.`, 'Encode the value.')
  return value
}
