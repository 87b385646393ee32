import { Type } from '@liberacces/sdk'
import { Sender } from './collect.ts'
import { FORMATS } from './endpoint.ts'
import { EndpointSchema, endpointProblems } from './endpoint-form.ts'
import { listDeliveries, resend } from './store/deliveries.ts'
import { createEndpoint, deleteEndpoint, findEndpoint, listEndpoints, rotateSecret, switchEndpoint, type Endpoint } from './store/endpoints.ts'
import { sendTest } from './test-event.ts'
import type { WebhookContext, WebhookRegistrar } from './webhook-types.ts'

const ById = Type.Object({ id: Type.String() })
const Done = Type.Object({ id: Type.String(), done: Type.String() })
const WithSecret = Type.Object({ id: Type.String(), secret: Type.String() })

/** What operators do with webhooks at the command line: `liberacces plugin run fr.liberacces.webhooks …`. */
export function registerCommands(k: WebhookRegistrar): void {
  k.command({ name: 'list', summary: 'list the endpoints', output: Type.Array(Type.Object({ id: Type.String(), state: Type.String(), format: Type.String(), url: Type.String(), types: Type.String(), failingSince: Type.Union([Type.String(), Type.Null()]) })) }, async (c) =>
    (await listEndpoints(c.db)).map(({ id, state, format, url, types, failingSince }) => ({ id, state, format, url, types: types.join(' '), failingSince })))
  k.command({ name: 'create', summary: `send events to an address; format: ${FORMATS.join(', ')}`, input: EndpointSchema, output: WithSecret }, async (c, input) => {
    const problems = Object.values(await endpointProblems(c, input))
    if (problems.length > 0) throw new Error(problems.join(' '))
    return createEndpoint(c, input)
  })
  k.command({ name: 'rotate', summary: 'replace the key; the one before signs too for seven days', input: ById, output: WithSecret }, async (c, { id }) => ({ id, secret: await rotateSecret(c, await required(c, id)) }))
  k.command({ name: 'test', summary: 'send a test', input: ById, output: Done }, async (c, { id }) => ({ id: await sendTest(c, (await required(c, id)).id), done: 'queued' }))
  k.command({ name: 'switch', summary: 'switch on or off', input: Type.Object({ id: Type.String(), to: Type.Union([Type.Literal('on'), Type.Literal('off')]) }), output: Done }, async (c, { id, to }) => {
    await switchEndpoint(c, (await required(c, id)).id, to)
    c.wake(Sender)
    return { id, done: to }
  })
  k.command({ name: 'delete', summary: 'take an endpoint away, with what waits for it', input: ById, output: Done }, async (c, { id }) => {
    await deleteEndpoint(c, (await required(c, id)).id)
    return { id, done: 'deleted' }
  })
  k.command({ name: 'deliveries', summary: 'list what was sent to an endpoint', input: Type.Object({ id: Type.String(), limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }) }), output: Type.Array(Type.Object({ id: Type.String(), event: Type.String(), type: Type.String(), state: Type.String(), attempts: Type.Integer(), status: Type.Union([Type.Integer(), Type.Null()]), ms: Type.Union([Type.Integer(), Type.Null()]), error: Type.Union([Type.String(), Type.Null()]) })) }, async (c, { id, limit }) =>
    (await listDeliveries(c.db, id, { limit, offset: 0 })).map((row) => ({ id: row.id, event: row.event_id, type: row.event_type, state: row.state, attempts: row.attempts, status: row.last?.status ?? null, ms: row.last?.duration_ms ?? null, error: row.last?.error ?? null })))
  k.command({ name: 'resend', summary: 'send a delivery again', input: ById, output: Done }, async (c, { id }) => {
    if (!(await resend(c, id))) throw new Error(`There is no delivery "${id}" that could be sent again.`)
    c.wake(Sender)
    return { id, done: 'queued' }
  })
}

async function required(c: WebhookContext, id: string): Promise<Endpoint> {
  const endpoint = await findEndpoint(c.db, id)
  if (endpoint === undefined) throw new Error(`There is no endpoint "${id}".`)
  return endpoint
}
