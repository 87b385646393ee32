import type { TSchema } from '@liberacces/sdk'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A schema as plain JSON Schema 2020-12: without TypeBox's symbols and without our own `x-` keywords. */
export function plainSchema(schema: TSchema): Record<string, unknown> {
  return clean(JSON.parse(JSON.stringify(schema)) as Json) as Record<string, unknown>
}

/** Walks schemas, not values: a property that is called "x-ray" is no keyword. */
function clean(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((each: Json) => clean(each))
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !key.startsWith('x-')).map(([key, value]) => [key, cleanKeyword(key, value as Json)] as const)) as Json
}

const NAMED_SCHEMAS: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
const VALUES: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples', 'required'])

function cleanKeyword(key: string, value: Json): Json {
  if (VALUES.has(key)) return value
  if (NAMED_SCHEMAS.has(key) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clean(each as Json)] as const)) as Json
  }
  return clean(value)
}
