import * as fc from 'fast-check'
import { TEST_START } from '../testing/test-clock.ts'
import { CANARY_LENGTH, type CanaryPen } from './canary-pen.ts'
import { derivedSeed } from './chance.ts'
import { arbitraryOf, type JsonSchema } from './schema-arbitrary.ts'

/** Tries from which on examples of a schema are used: what is taken with canaries is looked at more closely, so that nobody gets round that by examples. */
const FROM_EXAMPLES = 2

/** How an input is made. */
export interface CanaryInputOptions {
  readonly pen: CanaryPen
  /** Where it is put in, for reports. */
  readonly place: string
  readonly seed: number
  /** Another number gives another value: even ones with all that is optional, odd ones without any; from 2 on with the examples of a schema where it has some. */
  readonly variant: number
  /** A value for a field by its name, such as an id of what was made before. */
  readonly given?: (name: string) => unknown
}

/** A value that fits a schema, with a canary in each of its texts that takes one. */
export function canaryInput(schema: JsonSchema, options: CanaryInputOptions): unknown {
  const [sample] = fc.sample(arbitraryOf(schema, { optional: options.variant % 2 === 0 ? 'all' : 'none' }), { numRuns: 1, seed: derivedSeed(options.seed, options.place, String(options.variant)) })
  return marked(schema, sample, options, '')
}

const DAY_MS = 86_400_000

/** Days as people give them: what begins comes before what ends, first in the weeks to come, then, in case that is refused, in those that were. */
function dayFor(name: string, variant: number): Date {
  // Who is born is a child.
  if (/birth|naissance/i.test(name)) return new Date(TEST_START - 8 * 365 * DAY_MS)
  const days = /start|from|begin|debut|first/i.test(name) ? 20 : /end|until|fin|last|^to|expire/i.test(name) ? 30 : 25
  return new Date(TEST_START + (variant % 4 < 2 ? days : days - 40) * DAY_MS)
}

function examplesOf({ examples }: JsonSchema, variant: number): unknown {
  return variant >= FROM_EXAMPLES && Array.isArray(examples) && examples.length > 0 ? examples[((variant - FROM_EXAMPLES) >> 1) % examples.length] as unknown : undefined
}

function marked(schema: JsonSchema, value: unknown, options: CanaryInputOptions, name: string): unknown {
  const examples = examplesOf(schema, options.variant)
  if (examples !== undefined) return examples
  if (Array.isArray(value)) {
    const ofItems = Array.isArray(schema['items']) ? undefined : examplesOf((schema['items'] ?? {}) as JsonSchema, options.variant)
    if (ofItems !== undefined && value.length > 0) return [ofItems]
    const items = schema['items']
    return value.map((each, index) => marked(((Array.isArray(items) ? items[index] : items) ?? {}) as JsonSchema, each, options, name))
  }
  if (typeof value === 'object' && value !== null) {
    const properties = schema['properties'] as Readonly<Record<string, JsonSchema>> | undefined
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, marked(properties?.[key] ?? {}, each, options, key)]))
  }
  if (typeof value !== 'string' || 'const' in schema || Array.isArray(schema['enum']) || typeof schema['pattern'] === 'string' || schema['type'] !== 'string') return value
  const given = options.given?.(name)
  const most = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : 1_000
  if (typeof given === 'string' && given.length <= most) return given
  const canary = (): string => options.pen.write(`${options.place} ${name}`.trim())
  switch (schema['format']) {
    case 'email': return `${canary()}@canary.example`
    case 'uri': return `https://canary.example/${canary()}`
    case 'date': return dayFor(name, options.variant).toISOString().slice(0, 10)
    case 'date-time': return dayFor(name, options.variant).toISOString()
    case undefined: break
    default: return value
  }
  if (most < CANARY_LENGTH) return value
  // Texts that are checked beyond their schema are mostly told by their names.
  if (/mail|courriel/i.test(name)) return `${canary()}@canary.example`.slice(0, most)
  if (/phone|tel(ephone)?$|mobile/i.test(name)) return '0546300000'.slice(0, most)
  if (/url|href|link|website|site/i.test(name)) return `https://canary.example/${canary()}`.slice(0, most)
  const least = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0
  return `${canary()} ${name}`.slice(0, most).trimEnd().padEnd(least, 'x')
}
