import type { FastifyRequest } from 'fastify'
import { Value } from '@sinclair/typebox/value'
import type { TObject, TSchema } from '@liberacces/sdk'
import { restoreKinds } from '@liberacces/sdk/host'
import { PlatformError } from '../../errors.ts'
import { compileSchema, requireFit } from './schema-check.ts'
import { textReader } from './text-values.ts'

const EMPTY: Readonly<Record<string, never>> = Object.freeze({})
const MAX_PARAM_LENGTH = 200

type Texts = Readonly<Record<string, unknown>>

/** The checked parts of an address. */
export interface CheckedAddress {
  readonly params: unknown
  readonly query: unknown
}

/** Compiles the check of an address. Its result throws PlatformError `REQUEST_INVALID`. */
export function addressReader(declared: { readonly params?: TObject; readonly query?: TObject }): (request: FastifyRequest) => CheckedAddress {
  const params = declared.params === undefined ? plainParams : checkedTexts(declared.params, 'params')
  const query = declared.query === undefined ? () => EMPTY : checkedTexts(declared.query, 'query')
  return (request) => ({ params: params(request.params as Texts), query: query(request.query as Texts) })
}

/** Compiles the check of a JSON body: strict, nothing is converted; what has a default may be left out. */
export function bodyReader(schema: TSchema | undefined): (request: FastifyRequest) => unknown {
  if (schema === undefined) return () => undefined
  const check = compileSchema(schema)
  const restored = restoreKinds(schema)
  const hasDefaults = JSON.stringify(schema).includes('"default":')
  return (request) => {
    const body: unknown = hasDefaults && request.body !== undefined ? Value.Default(restored, request.body) : request.body
    requireFit(check, body, 'body')
    return body
  }
}

function checkedTexts(schema: TObject, within: string): (texts: Texts) => unknown {
  const read = textReader(schema)
  const check = compileSchema(schema)
  return (texts) => {
    const values = read(texts)
    requireFit(check, values, within)
    return values
  }
}

/** Without a schema each parameter is a text of 1 to 200 characters. The router's object has no prototype; the plugin's is like any other, of which JSON is made in a third of the time. */
function plainParams(texts: Texts): Texts {
  for (const name in texts) {
    const text = texts[name]
    if (typeof text !== 'string' || text.length === 0 || text.length > MAX_PARAM_LENGTH) {
      throw new PlatformError('REQUEST_INVALID', 'A part of the address is empty or too long.', {
        fix: 'Check the address.', fields: { [`params/${name}`]: `Expected 1 to ${MAX_PARAM_LENGTH} characters` },
      })
    }
  }
  return { ...texts }
}
