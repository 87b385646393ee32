import type { TObject, TSchema } from '@liberacces/sdk'
import type { Endpoint } from '@liberacces/sdk/host'
import { rawOptions } from './endpoints/raw-body.ts'
import { SESSION_COOKIE } from '../identity/session-cookie.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { plainSchema } from './json-schema.ts'
import { PROBLEM_TYPE } from './problem.ts'

type Route = Extract<Endpoint, { kind: 'route' }>
type Json = Readonly<Record<string, unknown>>

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request does not fit this description.',
  401: 'A login is needed.',
  403: 'The permission is missing, or the request is forged.',
  404: 'There is nothing here.',
  500: 'The platform or the plugin failed.',
}

/** The API of what a tenant has enabled, as an OpenAPI 3.1 document. Pure: same input, same document. */
export function openApiOf(tenant: Tenant, releases: readonly LoadedRelease[]): Json {
  const sorted = releases.toSorted((a, b) => a.manifest.path.localeCompare(b.manifest.path))
  const paths: Record<string, Record<string, unknown>> = {}
  const operationIds = new Set<string>()
  for (const release of sorted) {
    for (const endpoint of release.registrations.endpoints) {
      if (endpoint.kind !== 'route') continue
      const address = `/apps/${release.manifest.path}${endpoint.path}`.replaceAll(/:([^/]+)/g, '{$1}')
      const operations = (paths[address] ??= {})
      operations[endpoint.method.toLowerCase()] = operationOf(release, endpoint, unique(operationIds, operationIdOf(release, endpoint)))
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: `LiberAccès – ${tenant.info.name}`, version: versionOf(sorted), description: 'The API of the applications that this organisation has enabled.' },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/' }],
    tags: sorted.map(({ manifest }) => ({ name: manifest.id, description: `${manifest.title.fr} ${manifest.version}` })),
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      responses: Object.fromEntries(Object.entries(PROBLEMS).map(([status, description]) => [`Problem${status}`, { description, content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } }])),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'The cookie that /auth/login gives; changes also need the header X-CSRF-Token.' },
        token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
      },
    },
  }
}

function operationOf({ manifest }: LoadedRelease, route: Route, operationId: string): Json {
  const open = route.audience === 'public' && route.permission === undefined
  const problems = [400, ...(open ? [] : [401, 403]), 404, 500].filter((status) => !(status in route.response))
  return {
    operationId,
    tags: [manifest.id],
    summary: route.summary,
    ...(route.permission === undefined ? {} : { description: `Needs the permission \`${manifest.id}/${route.permission}\`.` }),
    security: open ? [] : [{ session: [] }, { token: [] }],
    parameters: [...pathParameters(route), ...queryParameters(route.query)],
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: contentOf(route.body) } }),
    responses: {
      ...Object.fromEntries(Object.entries(route.response).map(([status, schema]) => [status, responseOf(Number(status), schema)])),
      ...Object.fromEntries(problems.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }])),
    },
  }
}

function contentOf(body: TSchema): Json {
  const raw = rawOptions(body)
  if (raw === undefined) return { 'application/json': { schema: plainSchema(body) } }
  return Object.fromEntries(raw.types.map((type) => [type === '*' ? '*/*' : type, {}]))
}

function responseOf(status: number, schema: TSchema): Json {
  const description = schema.description ?? schema.title ?? (status < 300 ? 'Done.' : `Status ${status}.`)
  if (status === 204 || status === 304) return { description }
  const mediaType = typeof schema['contentMediaType'] === 'string' ? schema['contentMediaType'] : 'application/json'
  return { description, content: { [mediaType]: { schema: plainSchema(schema) } } }
}

function pathParameters({ path, params }: Route): readonly Json[] {
  return [...path.matchAll(/:([^/]+)/g)].map(([, name = '']) => ({
    name, in: 'path', required: true, schema: params?.properties[name] === undefined ? { type: 'string', minLength: 1, maxLength: 200 } : plainSchema(params.properties[name]),
  }))
}

function queryParameters(query: TObject | undefined): readonly Json[] {
  return Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
    name, in: 'query', required: (query?.required ?? []).includes(name) && schema['default'] === undefined, schema: plainSchema(schema),
  }))
}

/** `GET /articles/:id` of `fr.liberacces.news` becomes `news_get_articles_id`. */
function operationIdOf({ manifest }: LoadedRelease, { method, path }: Route): string {
  const parts = path.split('/').map((part) => part.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_|_$/g, '')).filter((part) => part !== '')
  return [manifest.path.replaceAll('-', '_'), method.toLowerCase(), ...parts].join('_')
}

function unique(taken: Set<string>, wanted: string): string {
  let id = wanted
  for (let number = 2; taken.has(id); number++) id = `${wanted}_${number}`
  taken.add(id)
  return id
}

/** Changes when a plugin or its version does. */
export function versionOf(releases: readonly LoadedRelease[]): string {
  return releases.length === 0 ? '0' : releases.map(({ manifest }) => `${manifest.path}@${manifest.version}`).toSorted().join(' ')
}

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'Problem details (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'code', 'fix'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', description: 'Stable; explained at /docs/errors.' },
    traceId: { type: 'string', description: 'Quote it to the administrator.' },
    fields: { type: 'object', additionalProperties: { type: 'string' }, description: 'Place in the input to what is wrong there.' },
    fix: { type: 'string' },
  },
} as const
