import type { IncomingMessage, ServerResponse } from 'node:http'
import { PlatformError } from '../errors.ts'
import { problemOf, PROBLEM_TYPE } from '../http/problem.ts'
import { statusOfError } from '../http/status-codes.ts'
import { isDeeperThan } from '../process/message-codec.ts'
import { LIMITS } from '../process/protocol.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { fits, misfit } from '../validation.ts'
import { fromJsonContent, toJsonValue } from './json-bytes.ts'
import type { CallTokens } from './call-tokens.ts'
import { questionRefused } from './question-refused.ts'
import { REMOTE_QUESTIONS, RemoteQuestion } from './remote-messages.ts'

/** What addresses of questions begin with; then the node and the question. */
export const CALLBACK_PATH = '/remote/v1/'
/** The header with the token of a call: not `Authorization`, which says who a person is. */
const TOKEN_HEADER = 'liberacces-call'
/** Largest question, in bytes: a piece of a file in base64, and a little. */
const LARGEST_QUESTION = Math.ceil((LIMITS.fromPlugin * 4) / 3)

/** Levels of a question: a value, and what stands around it. */
const MOST_LEVELS = LIMITS.depth + 10

/** What questions are answered with. */
export interface CallbackDeps {
  readonly tokens: CallTokens
  /** Name of this process in addresses of questions: another one knows nothing of its calls. */
  readonly node: string
  /** The tenant that answers at a host; `undefined` for an address of the machine. */
  readonly tenantByHost: (header: string) => Tenant | undefined
  readonly log: { error(detail: object, message: string): void }
}

/** Answers one question of an application, for the call whose token it brings. Never rejects. */
export async function answerCallback(deps: CallbackDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const value = await answer(deps, request)
    send(response, 200, 'application/json', JSON.stringify(value === undefined ? {} : { value: toJsonValue(value) }))
  } catch (thrown) {
    const error = thrown instanceof PlatformError ? thrown : new PlatformError('INTERNAL', 'The question could not be answered.', { fix: 'Try again later.', cause: thrown })
    if (!(thrown instanceof PlatformError)) deps.log.error({ err: thrown }, 'a question of a remote application failed')
    send(response, statusOfError(error), PROBLEM_TYPE, JSON.stringify(problemOf(error)))
  }
}

async function answer({ tokens, node, tenantByHost }: CallbackDeps, request: IncomingMessage): Promise<unknown> {
  const [from, what, ...rest] = (request.url ?? '').slice(CALLBACK_PATH.length).split('/')
  if (request.method !== 'POST') throw new PlatformError('METHOD_NOT_ALLOWED', 'Questions are posted.', { fix: 'Send POST.' })
  if (from !== node) throw questionRefused('this is another node than the one that called', 'Give each node a LIBERACCES_CALLBACK_URL that leads to it alone.')
  const schema = what === undefined || rest.length > 0 || !Object.hasOwn(REMOTE_QUESTIONS, what) ? undefined : REMOTE_QUESTIONS[what]
  if (what === undefined || schema === undefined) throw new PlatformError('NOT_FOUND', 'There is no such question.', { fix: `Ask one of ${Object.keys(REMOTE_QUESTIONS).join(', ')}.` })
  const token = request.headers[TOKEN_HEADER]
  const call = typeof token === 'string' ? tokens.find(token) : undefined
  if (call === undefined) throw questionRefused('its token belongs to no call that is under way', 'Ask with the token of the call, before it is answered.')
  const tenant = tenantByHost(request.headers.host ?? '')
  if (tenant !== undefined && tenant.id !== call.tenant.id) throw questionRefused('the call is one of another tenant', 'Ask at the address that came with the call.')
  const end = call.begin()
  try {
    const question = await readJson(request)
    if (!fits(RemoteQuestion, question)) throw invalid('A question is { id, with }.')
    const wrong = misfit(schema, question.with)
    if (wrong !== undefined) throw invalid(`The question "${what}" is asked wrongly: ${wrong}.`)
    return await call.ask(question.id, what, fromJsonContent(question.with))
  } finally {
    end()
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let seen = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    seen += chunk.byteLength
    if (seen > LARGEST_QUESTION) throw new PlatformError('BODY_TOO_LARGE', `A question has at most ${LARGEST_QUESTION} bytes.`, { fix: 'Send files in pieces, with bytes.put.' })
    chunks.push(chunk)
  }
  const json = Buffer.concat(chunks).toString('utf8')
  if (isDeeperThan(MOST_LEVELS, json)) throw invalid(`A question is nested at most ${MOST_LEVELS} levels deep.`)
  try {
    return JSON.parse(json, (key, value: unknown) => (key === '__proto__' ? undefined : value)) as unknown
  } catch {
    throw invalid('A question is JSON.')
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'content-length': Buffer.byteLength(body), ...(status === 413 ? { connection: 'close' } : {}) }).end(body)
}

function invalid(message: string): PlatformError {
  return new PlatformError('REQUEST_INVALID', message, { fix: 'See the OpenAPI document of the protocol: docs/reference/remote-protocol.json.' })
}
