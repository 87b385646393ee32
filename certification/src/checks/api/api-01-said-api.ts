import type { TSchema } from '@liberacces/sdk'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { nameOfEndpoint } from '../../kernel/exchange.ts'

/** The API says what it takes and what it answers. */
export const saidApi: Check<'kernel'> = {
  id: 'API-01', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'L’API dit ce qu’elle prend et ce qu’elle rend', en: 'The API says what it takes and what it answers' },
  rationale: {
    fr: 'La documentation OpenAPI de chaque commune est faite de ces schémas. Ce qui n’y est pas dit, personne ne peut s’en servir ni le contrôler.',
    en: 'The OpenAPI document of each tenant is made of these schemas. What they do not say nobody can use or check.',
  },
  howToFix: 'Write the schema out: Type.Object({ … }) instead of Type.Any() or Type.Unknown(). A body that is not JSON is RawBody, an answer that is not is TextBody.',
  example: { bad: 'response: { 200: Type.Any() }', good: 'response: { 200: Type.Array(Note) }' },
  async run(stage) {
    const tour = await stage.tour()
    const found: Finding[] = []
    for (const endpoint of tour.alpha.endpoints) {
      if (endpoint.kind !== 'route') continue
      const parts: readonly (readonly [string, TSchema | undefined])[] = [['its body', endpoint.body], ...Object.entries(endpoint.response).map(([status, schema]) => [`its answer ${status}`, schema] as const)]
      // What answers with a file has no schema to write: only one that was seen to answer with JSON is blamed.
      const isJson = tour.exchanges.some((exchange) => exchange.endpoint?.kind === 'route' && exchange.endpoint.path === endpoint.path && exchange.method === endpoint.method && exchange.status < 400 && exchange.contentType.includes('json'))
      for (const [what, schema] of parts) if (schema !== undefined && saysNothing(schema) && (isJson || what === 'its body')) found.push({ message: `${nameOfEndpoint(endpoint)} says nothing of ${what}: anything would fit.`, fix: this.howToFix, evidence: [JSON.stringify(schema).slice(0, 200)] })
    }
    const document = tour.exchanges.find(({ path }) => path === '/openapi.json')
    const listed = document === undefined || document.status !== 200 ? undefined : Object.keys((JSON.parse(document.text) as { readonly paths: object }).paths)
    if (listed === undefined) found.push({ message: 'The OpenAPI document of a commune with this plugin cannot be had.', fix: this.howToFix, evidence: [`/openapi.json → ${document?.status ?? 'no answer'}`] })
    return findings(found)
  },
}

function saysNothing(schema: TSchema): boolean {
  return !['type', 'const', 'enum', 'anyOf', 'allOf', 'oneOf', 'not', '$ref', 'x-raw', 'contentMediaType', 'properties', 'patternProperties'].some((keyword) => keyword in schema)
}
