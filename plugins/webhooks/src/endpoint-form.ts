import { Choice, Type, type Static } from '@liberacces/sdk'
import { FORMATS, isEndpointUrl, unknownTypes } from './endpoint.ts'
import type { WebhookContext } from './webhook-types.ts'

/** What somebody says of an endpoint, in the form, the API and on the command line. */
export const EndpointSchema = Type.Object({
  url: Type.String({ format: 'uri', maxLength: 500 }),
  label: Type.String({ minLength: 1, maxLength: 100 }),
  format: Choice(FORMATS, { default: 'standard' }),
  types: Type.Array(Type.String({ minLength: 1, maxLength: 200, examples: ['fr.liberacces.certification.said/v1'] }), { minItems: 1, maxItems: 100 }),
})
/** {@link EndpointSchema}, parsed. */
export type EndpointData = Static<typeof EndpointSchema>

/** What a schema cannot say, by field, in the reader's language; empty when all is well. */
export async function endpointProblems(c: WebhookContext, { url, types }: EndpointData): Promise<Partial<Record<'url' | 'types', string>>> {
  const unknown = unknownTypes(types, (await c.knownEvents()).map(({ id }) => id))
  return {
    ...(isEndpointUrl(url) ? {} : { url: c.t('problem.url') }),
    ...(unknown.length === 0 ? {} : { types: c.t('problem.types', { types: unknown.join(', ') }) }),
  }
}
