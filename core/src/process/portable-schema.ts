import { Hint, Kind, OptionalKind, ReadonlyKind, type TSchema } from '@sinclair/typebox'
import { isBoundedPattern } from './bounded-pattern.ts'
import { restoreKinds, type JsonSchema } from '@liberacces/sdk/host'

/** What TypeBox goes by, and JSON has no place for: under these names it crosses. */
const SYMBOLS = [[Kind, '~kind'], [OptionalKind, '~optional'], [ReadonlyKind, '~readonly'], [Hint, '~hint']] as const

/** Levels in a schema, and parts in it. */
const DEEPEST = 40
const MOST_PARTS = 5_000
const MOST_TEXT = 10_000
/** As many texts as a value may have. */
const MANY = Number.MAX_SAFE_INTEGER

const NUMBERS = new Set(['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'minContains', 'maxContains', 'minProperties', 'maxProperties', 'minByteLength', 'maxByteLength', 'x-max-bytes'])
const TEXTS = new Set(['title', 'description', 'format', '$id', '$ref', 'contentMediaType', 'contentEncoding', '$comment', 'x-widget', '~kind', '~hint', '~optional', '~readonly'])
const FLAGS = new Set(['uniqueItems', 'writeOnly', 'readOnly', 'deprecated', 'nullable'])
const DATA = new Set(['const', 'enum', 'default', 'examples', 'x-accept', 'x-raw'])
const SCHEMAS = new Set(['items', 'additionalProperties', 'unevaluatedProperties', 'not', 'contains', 'additionalItems', 'propertyNames'])
const LISTS = new Set(['anyOf', 'allOf', 'oneOf', 'prefixItems'])
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions'])

/** A schema as plain data. */
export function portableSchema(schema: object): JsonSchema {
  return plain(schema) as JsonSchema
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  const kinds = SYMBOLS.flatMap(([symbol, name]) => {
    const kind = (value as Readonly<Record<symbol, unknown>>)[symbol]
    return typeof kind === 'string' ? [[name, kind] as const] : []
  })
  return { ...Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)])), ...Object.fromEntries(kinds) }
}

/**
 * A schema that the kernel may use, from data that anybody wrote. Checkers are made of its words as code, so that each must be what it has to be; of words
 * that are not known only those of ours that begin with `x-` stay.
 * @throws TypeError naming what is wrong
 */
export function restoredSchema(data: unknown): TSchema {
  const restored = new Restoring().schema(data, 'the schema', 0)
  // What was written by hand, in another language, has no kinds.
  return typeof (restored as Readonly<Record<symbol, unknown>>)[Kind] === 'string' ? restored as TSchema : restoreKinds(restored as JsonSchema)
}

class Restoring {
  #parts = 0

  /** @param texts - most texts of one value that meet this schema */
  schema(data: unknown, where: string, depth: number, texts = 1): object {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new TypeError(`${where} is no schema.`)
    this.#parts += 1
    if (depth > DEEPEST || this.#parts > MOST_PARTS) throw new TypeError(`${where} is nested too deeply, or has too many parts.`)
    const { maxLength, maxItems } = data as { readonly maxLength?: unknown; readonly maxItems?: unknown }
    const within = { longest: typeof maxLength === 'number' ? maxLength : undefined, texts, items: texts * (typeof maxItems === 'number' && maxItems >= 0 ? maxItems : MANY) }
    const restored: Record<string | symbol, unknown> = {}
    for (const [key, value] of Object.entries(data)) {
      const place = `${where}.${key.slice(0, 100)}`
      const part = this.#part(key, value, place, depth, within)
      if (part === undefined) continue
      const symbol = SYMBOLS.find(([, name]) => name === key)?.[0]
      restored[symbol ?? key] = part
    }
    return restored
  }

  #part(key: string, value: unknown, place: string, depth: number, { longest, texts, items }: { readonly longest: number | undefined; readonly texts: number; readonly items: number }): unknown {
    if (NUMBERS.has(key)) return must(typeof value === 'number' && Number.isFinite(value), value, place, 'a number')
    if (TEXTS.has(key)) return must(typeof value === 'string' && value.length <= MOST_TEXT, value, place, 'a text')
    if (FLAGS.has(key)) return must(typeof value === 'boolean', value, place, 'true or false')
    if (DATA.has(key)) return must(isData(value, 0), value, place, 'plain data')
    if (key === 'pattern') return must(isPattern(value, longest, texts), value, place, 'a regular expression of at most 1,000 characters that comes to its end soon on any text (say a maxLength, and in a list maxItems; count less, do not look around)')
    if (key === 'type') return must(isText(value) || (Array.isArray(value) && value.every(isText)), value, place, 'a type')
    if (key === 'required') return must(Array.isArray(value) && value.every((each) => typeof each === 'string'), value, place, 'a list of names')
    if (SCHEMAS.has(key)) {
      if (typeof value === 'boolean') return value
      // Those of a list by its length; names, and what has names that nobody said, in any number.
      const met = key === 'not' ? texts : Array.isArray(value) ? texts : key === 'items' || key === 'contains' ? items : MANY
      return Array.isArray(value) ? value.map((each, index) => this.schema(each, `${place}.${index}`, depth + 1, met)) : this.schema(value, place, depth + 1, met)
    }
    if (LISTS.has(key)) {
      must(Array.isArray(value), value, place, 'a list of schemas')
      return (value as readonly unknown[]).map((each, index) => this.schema(each, `${place}.${index}`, depth + 1, texts))
    }
    if (MAPS.has(key)) {
      must(typeof value === 'object' && value !== null && !Array.isArray(value), value, place, 'schemas by name')
      return Object.fromEntries(Object.entries(value as object).map(([name, each]) => {
        if (key === 'patternProperties') must(isPattern(name, undefined, MANY), name, place, 'by regular expressions')
        // What is referred to may be met as often as it likes.
        return [name, this.schema(each, `${place}.${name.slice(0, 100)}`, depth + 1, key === 'properties' ? texts : MANY)]
      }))
    }
    return key.startsWith('x-') ? must(isData(value, 0), value, place, 'plain data') : undefined
  }
}

function must(holds: boolean, value: unknown, place: string, what: string): unknown {
  if (!holds) throw new TypeError(`${place} is not ${what}.`)
  return value
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 100
}

function isPattern(value: unknown, longest: number | undefined, texts: number): value is string {
  return typeof value === 'string' && value.length <= 1_000 && isBoundedPattern(value, longest, texts)
}

function isData(value: unknown, depth: number): boolean {
  if (depth > DEEPEST) return false
  switch (typeof value) {
    case 'string': case 'number': case 'boolean': return true
    case 'object': return value === null || Object.values(value).every((each) => isData(each, depth + 1))
    default: return false
  }
}
