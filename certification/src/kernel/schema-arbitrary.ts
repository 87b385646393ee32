// Longer than others: one place for each kind of schema, read side by side.
import * as fc from 'fast-check'
import { TEST_START } from '../testing/test-clock.ts'

/** A JSON Schema, as TypeBox makes it or a manifest holds it. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** How values are to be made. */
export interface ArbitraryOptions {
  /** Which optional properties are there. @defaultValue by chance */
  readonly optional?: 'all' | 'none'
  /** Whether texts may be of any characters. @defaultValue false: of letters, as people write them */
  readonly strange?: boolean
}

const DAY_MS = 86_400_000
/** Texts of a wrong length in a row, until one is taken. */
const MOST_MISSES = 200
const WORDS = ['marché', 'école', 'mairie', 'été', 'Aytré', 'place', 'règlement', 'cantine'] as const

/**
 * Values that fit a schema, of the keywords that TypeBox makes and the SDK knows: the known library for it (`json-schema-fast-check`) stands on
 * fast-check 1 and is not kept any more. A keyword that is not known here makes values that may not fit: whoever uses them checks.
 */
export function arbitraryOf(schema: JsonSchema, options: ArbitraryOptions = {}): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as readonly unknown[]))
  const choices = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(choices)) return fc.oneof(...(choices as readonly JsonSchema[]).map((each) => arbitraryOf(each, options)))
  if (Array.isArray(schema['allOf'])) return fc.tuple(...(schema['allOf'] as readonly JsonSchema[]).map((each) => arbitraryOf(each, options))).map((parts) => Object.assign({}, ...parts) as unknown)
  switch (schema['type']) {
    case 'string': return text(schema, options)
    case 'integer': return fc.integer(bounds(schema, 1, -1_000, 1_000))
    case 'number': return fc.integer(bounds(schema, 1, -1_000, 1_000))
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    case 'array': return array(schema, options)
    case 'object': return object(schema, options)
    default: return fc.oneof(fc.constant(null), fc.boolean(), fc.integer({ min: 0, max: 100 }), fc.constantFrom(...WORDS))
  }
}

function bounds(schema: JsonSchema, step: number, lowest: number, highest: number): { readonly min: number; readonly max: number } {
  const least = numberOf(schema['minimum']) ?? (numberOf(schema['exclusiveMinimum']) ?? Number.NaN) + step
  const most = numberOf(schema['maximum']) ?? (numberOf(schema['exclusiveMaximum']) ?? Number.NaN) - step
  const min = Number.isNaN(least) ? Math.min(lowest, Number.isNaN(most) ? lowest : most) : Math.ceil(least)
  const max = Number.isNaN(most) ? Math.max(highest, min) : Math.floor(most)
  // Where there is a lower bound, people stay near it: numbers of pages, of persons, of days.
  return Number.isNaN(least) || !Number.isNaN(most) ? { min, max } : { min, max: Math.min(max, min + 1_000) }
}

function text(schema: JsonSchema, { strange = false }: ArbitraryOptions): fc.Arbitrary<string> {
  const minLength = numberOf(schema['minLength']) ?? 0
  const maxLength = numberOf(schema['maxLength']) ?? Math.max(40, minLength)
  const known = formatted(schema['format'])
  if (known !== undefined) return known
  if (typeof schema['pattern'] === 'string') {
    const most = numberOf(schema['maxLength']) ?? Number.POSITIVE_INFINITY
    // A pattern that hardly ever keeps to the length gives a text of another one: for ever is too long to look for it.
    let misses = 0
    return fc.stringMatching(new RegExp(schema['pattern'], 'u')).filter((value) => (value.length >= minLength && value.length <= most) || (misses += 1) > MOST_MISSES)
  }
  // Schemas count what a text has in UTF-16, of which a strange character may take two.
  if (strange) return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 60), unit: 'binary' }).map((value) => value.slice(0, maxLength))
  return fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join(' ').slice(0, maxLength).padEnd(minLength, 'x'))
}

function formatted(format: unknown): fc.Arbitrary<string> | undefined {
  const day = fc.integer({ min: -20, max: 60 }).map((days) => new Date(TEST_START + days * DAY_MS))
  switch (format) {
    case 'date': return day.map((date) => date.toISOString().slice(0, 10))
    case 'date-time': return day.map((date) => date.toISOString())
    case 'time': return fc.integer({ min: 0, max: 1_439 }).map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`)
    case 'email': return fc.integer({ min: 1, max: 99_999 }).map((number) => `p${number}@canary.example`)
    case 'uri': return fc.integer({ min: 1, max: 99_999 }).map((number) => `https://canary.example/${number}`)
    case 'uuid': return fc.uuid()
    default: return undefined
  }
}

function array(schema: JsonSchema, options: ArbitraryOptions): fc.Arbitrary<unknown> {
  const items = schema['items']
  if (Array.isArray(items)) return fc.tuple(...(items as readonly JsonSchema[]).map((each) => arbitraryOf(each, options)))
  const minLength = numberOf(schema['minItems']) ?? 0
  const maxLength = Math.min(numberOf(schema['maxItems']) ?? minLength + 3, minLength + 3)
  const each = arbitraryOf(isSchema(items) ? items : {}, options)
  return schema['uniqueItems'] === true ? fc.uniqueArray(each, { minLength, maxLength, comparator: 'SameValueZero' }) : fc.array(each, { minLength: options.optional === 'all' ? Math.max(minLength, Math.min(1, maxLength)) : minLength, maxLength })
}

function object(schema: JsonSchema, options: ArbitraryOptions): fc.Arbitrary<unknown> {
  if (isSchema(schema['properties'])) {
    const properties = Object.fromEntries(Object.entries(schema['properties']).map(([name, each]) => [name, arbitraryOf(each as JsonSchema, options)]))
    if (options.optional === 'all') return fc.record(properties)
    const required = Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : []
    if (options.optional === 'none') return fc.record(Object.fromEntries(Object.entries(properties).filter(([name]) => required.includes(name))))
    return fc.record(properties, { requiredKeys: required.filter((name) => name in properties) })
  }
  if (isSchema(schema['patternProperties'])) {
    const [[pattern, each] = ['^.*$', {}]] = Object.entries(schema['patternProperties'])
    const key = pattern === '^(.*)$' || pattern === '^.*$' ? fc.constantFrom(...WORDS) : fc.stringMatching(new RegExp(pattern, 'u'))
    return fc.dictionary(key, arbitraryOf(each as JsonSchema, options), { maxKeys: 3 })
  }
  return fc.constant({})
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
