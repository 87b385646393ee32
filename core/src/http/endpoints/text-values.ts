import { Value } from '@sinclair/typebox/value'
import type { TObject, TSchema } from '@liberacces/sdk'
import { restoreKinds } from '@liberacces/sdk/host'

type Reader = (text: unknown) => unknown
interface Property {
  readonly name: string
  readonly read: Reader
  readonly fallback: unknown
  /** Sent empty it counts as left out: forms send every field, and an empty one is how people leave a choice open. */
  readonly mayBeEmpty: boolean
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i

/**
 * Reads the values of a query string or path by their schema: numbers and booleans from text, one value as a list of one,
 * defaults where nothing was sent, or an empty text that would not fit. What cannot be read stays text, for the check to name. Undeclared names are left out,
 * unless the schema refuses them by name.
 */
export function textReader(schema: TObject): (texts: Readonly<Record<string, unknown>>) => Record<string, unknown> {
  const properties = Object.entries(schema.properties).map(([name, property]): Property => ({
    name, read: readerOf(property), fallback: property['default'] as unknown,
    mayBeEmpty: (property['default'] !== undefined || schema.required?.includes(name) !== true) && !Value.Check(restoreKinds(property), ''),
  }))
  const declared = new Set(properties.map(({ name }) => name))
  const closed = schema.additionalProperties === false
  return (texts) => {
    const values: Record<string, unknown> = {}
    for (const { name, read, fallback, mayBeEmpty } of properties) {
      const text = texts[name]
      if (text !== undefined && !(text === '' && mayBeEmpty)) values[name] = read(text)
      else if (fallback !== undefined) values[name] = typeof fallback === 'object' ? structuredClone(fallback) : fallback
    }
    // `lang` is the platform's own and may stand on any address.
    if (closed) for (const name of Object.keys(texts)) if (!declared.has(name) && name !== 'lang') Object.defineProperty(values, name, { value: texts[name], enumerable: true })
    return values
  }
}

function readerOf(schema: TSchema): Reader {
  switch (schema['type']) {
    case 'string': return (text) => text
    case 'number': case 'integer': return (text) => (typeof text === 'string' && NUMBER.test(text) ? Number(text) : text)
    case 'boolean': return (text) => (text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text)
    case 'array': {
      const read = readerOf((schema['items'] ?? {}) as TSchema)
      return (text) => (Array.isArray(text) ? text.map(read) : [read(text)])
    }
    default: {
      const restored = restoreKinds(schema)
      return (text) => Value.Convert(restored, text)
    }
  }
}
