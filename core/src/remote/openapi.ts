import type { TSchema } from '@sinclair/typebox'
import { plainSchema } from '../http/json-schema.ts'
import { PROTOCOL_VERSION, WireError } from '../process/protocol.ts'
import { RemoteDescription } from './remote-description.ts'
import { REMOTE_QUESTIONS, RemoteAnswer, RemoteCall, RemoteOutcome } from './remote-messages.ts'

/** What each question is answered with, in a sentence. */
const ANSWERS: Readonly<Record<string, string>> = {
  'use': 'What the operation of another plugin\'s service answers. The contract stands in `requires` or `optional`.',
  'mail': 'Nothing, once the mail is stored; it then leaves.',
  'audit': 'Nothing, once it is on record.',
  'fetch': '`{ status, statusText, url, headers, redirected, stream? }`: the number of the stream with the content, where there is any.',
  'files.put': 'A reference to the file: `{ id, name, type, size, sha256 }`.',
  'files.get': 'A reference to the file, or null.',
  'files.bytes': '`{ first, stream? }`: the first piece, and where there is more the number of the stream with the rest.',
  'files.delete': 'Nothing.',
  'secrets.seal': 'The sealed text.',
  'secrets.open': 'The text, or null when it was not sealed for this application and tenant.',
  'events.known': 'The events that active plugins know, with their schemas.',
  'bytes.put': 'Nothing. Pieces of one upload, which another question then names.',
  'bytes.next': 'The next piece of a stream, or null at its end.',
  'bytes.close': 'Nothing.',
  'outbox': 'Nothing, once all of it is stored for good. In a handler of an event once: the event then counts as dealt with.',
  'log': 'Nothing.',
}

/** The protocol of applications in other languages, as OpenAPI 3.1: made of the schemas that the kernel itself checks by. */
export function remoteOpenApi(): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'LiberAccès: applications in other languages',
      version: `${PROTOCOL_VERSION}.0.0`,
      description: 'What an application serves behind HTTPS (`/plugin.json`, `/call`), and what it may ask the platform while it is called (`callbacks`). How to: docs/how-to/connect-an-application.md.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: {
      '/plugin.json': {
        get: {
          operationId: 'describe', summary: 'What the application is and wants', security: [],
          responses: { 200: { description: 'Read once, when the operator adds the application or a new version of it.', content: json(ref('Description')) } },
        },
      },
      '/call': {
        post: {
          operationId: 'call', summary: 'One call of the platform',
          description: 'Signed as Standard Webhooks 1.0.0 say: `webhook-signature` holds `v1,` and the HMAC-SHA256 of `<id>.<timestamp>.<body>` in base64, once for each secret that opens. Refuse what is signed otherwise, is older than five minutes, or came before (401).',
          parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ({ name, in: 'header', required: true, schema: { type: 'string' } })),
          requestBody: { required: true, content: json(ref('Call')) },
          responses: {
            200: { description: 'How the call ended. For a route, page, form, action or contribution `value` is an `Answer`.', content: json(ref('Outcome')) },
            401: { description: 'The signature is not taken. The call counts as failed.' },
          },
          callbacks: {
            question: Object.fromEntries(Object.entries(REMOTE_QUESTIONS).map(([name, schema]) => [`{$request.body#/callback/url}/${name}`, { post: questionOf(name, schema) }])),
          },
        },
      },
    },
    components: {
      securitySchemes: { call: { type: 'apiKey', in: 'header', name: 'liberacces-call', description: 'The token that came with the call; worth nothing once it is answered.' } },
      schemas: {
        Description: named(RemoteDescription),
        Call: named(RemoteCall),
        Outcome: named(RemoteOutcome),
        Answer: named(RemoteAnswer),
        Error: named(WireError),
        Problem: {
          type: 'object', required: ['code', 'title', 'status', 'detail', 'fix'],
          properties: { type: { type: 'string' }, code: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' }, fix: { type: 'string' } },
        },
      },
    },
  }
}

function questionOf(name: string, schema: TSchema): Readonly<Record<string, unknown>> {
  return {
    operationId: `ask.${name}`, summary: `The question ${name}`, security: [{ call: [] }],
    requestBody: {
      required: true,
      content: json({ type: 'object', required: ['id', 'with'], additionalProperties: false, properties: { id: { type: 'integer', minimum: 1, description: 'Whole number, never twice within a call: what arrives twice is done once.' }, with: named(schema) } }),
    },
    responses: {
      200: { description: ANSWERS[name] ?? 'Nothing.', content: json({ type: 'object', properties: { value: {} } }) },
      default: { description: 'What it is refused with.', content: { 'application/problem+json': { schema: ref('Problem') } } },
    },
  }
}

function json(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { 'application/json': { schema } }
}

function ref(name: string): Readonly<Record<string, unknown>> {
  return { $ref: `#/components/schemas/${name}` }
}

/** A schema in its place in the document: the one that contains itself goes by its name there. */
function named(schema: TSchema): unknown {
  return withNames(plainSchema(schema), WireError.$id, schema === (WireError as TSchema))
}

function withNames(value: unknown, id: string | undefined, isItself: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => withNames(each, id, false))
  if (typeof value !== 'object' || value === null) return value
  const { $id, ...rest } = value as Readonly<Record<string, unknown>>
  if (rest['$ref'] === id || ($id === id && !isItself)) return ref('Error')
  return Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, withNames(each, id, false)]))
}
