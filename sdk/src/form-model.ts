import type { JsonSchema } from './kinds.ts'

/** How one field of a form is shown and read. */
export type FieldKind =
  | 'text' | 'email' | 'uri' | 'date' | 'date-time' | 'time' | 'long-text' | 'number' | 'integer' | 'boolean' | 'choice' | 'choices' | 'lines' | 'upload' | 'secret' | 'group'

/** One field of a form, as its schema means it. */
export interface FormField {
  /** Name in the form: the property, with its parents before dots, such as `address.street`. */
  readonly name: string
  /** The property alone. */
  readonly property: string
  readonly kind: FieldKind
  /** Whether the property must exist. */
  readonly required: boolean
  /** Whether a person must fill it in; a list or a text may have to exist and still be empty. */
  readonly mandatory: boolean
  /** Carried along, not shown (`x-widget: hidden`). */
  readonly hidden: boolean
  /** Left empty it is `null`, not absent. */
  readonly nullable: boolean
  /** The schema without the choice of `null`. */
  readonly schema: JsonSchema
  /** Values to choose from, of `choice` and `choices`. */
  readonly options: readonly (string | number | boolean)[]
  /** Fields of a `group`. */
  readonly fields: readonly FormField[]
}

/**
 * The fields of a form, from the schema of an object. It goes by keywords alone, so schemas read from JSON do as well.
 * @throws TypeError when a property is of a kind that forms cannot show, such as an array of objects
 */
export function formFields(schema: JsonSchema, parent = ''): readonly FormField[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>
  return Object.entries(properties).map(([property, own]) => {
    const { schema: base, nullable } = withoutNull(own)
    const name = parent + property
    const options = optionsOf(base)
    const kind = kindOf(base, options, name)
    const exists = required.includes(property) && !nullable
    return {
      name, property, kind, nullable, schema: base,
      required: exists,
      mandatory: exists && !mayBeEmpty(base, kind),
      hidden: base['x-widget'] === 'hidden',
      options: kind === 'choices' ? optionsOf(base['items'] as JsonSchema) : options,
      fields: kind === 'group' ? formFields(base, `${name}.`) : [],
    }
  })
}

function mayBeEmpty(schema: JsonSchema, kind: FieldKind): boolean {
  if (kind === 'choices' || kind === 'lines') return !(Number(schema['minItems']) >= 1)
  return kind === 'boolean' ? schema['const'] !== true : schema['default'] === ''
}

function kindOf(schema: JsonSchema, options: readonly unknown[], name: string): FieldKind {
  if (schema['x-widget'] === 'upload') return 'upload'
  if (schema['x-widget'] === 'secret') return 'secret'
  if (schema['x-widget'] === 'textarea') return 'long-text'
  // One boolean to choose, such as a consent that must be given, is a box to tick.
  if (options.length === 1 && typeof options[0] === 'boolean') return 'boolean'
  if (options.length > 0) return 'choice'
  switch (schema['type']) {
    case 'string': return stringKind(schema['format'])
    case 'number': return 'number'
    case 'integer': return 'integer'
    case 'boolean': return 'boolean'
    case 'object':
      if (typeof schema['properties'] === 'object') return 'group'
      break
    case 'array': {
      const items = schema['items'] as JsonSchema | undefined
      if (items !== undefined && optionsOf(items).length > 0) return 'choices'
      if (items?.['type'] === 'string') return 'lines'
    }
  }
  throw new TypeError(`Field "${name}": forms cannot show this schema. Use text, numbers, booleans, choices, lists of those, uploads or nested objects.`)
}

function stringKind(format: unknown): FieldKind {
  switch (format) {
    case 'email': case 'uri': case 'date': case 'date-time': case 'time': return format
    default: return 'text'
  }
}

function optionsOf(schema: JsonSchema): readonly (string | number | boolean)[] {
  if (Array.isArray(schema['enum'])) return schema['enum'] as readonly (string | number | boolean)[]
  if ('const' in schema) return [schema['const'] as string | number | boolean]
  const variants = schema['anyOf']
  return Array.isArray(variants) && variants.every((variant: JsonSchema) => 'const' in variant)
    ? variants.map((variant: JsonSchema) => variant['const'] as string | number | boolean)
    : []
}

function withoutNull(schema: JsonSchema): { readonly schema: JsonSchema; readonly nullable: boolean } {
  const variants = schema['anyOf']
  if (!Array.isArray(variants)) return { schema, nullable: false }
  const others = variants.filter((variant: JsonSchema) => variant['type'] !== 'null') as readonly JsonSchema[]
  if (others.length === variants.length) return { schema, nullable: false }
  const [only] = others
  const { anyOf: _variants, ...rest } = schema
  return { schema: others.length === 1 && only !== undefined ? { ...rest, ...only } : { ...rest, anyOf: others }, nullable: true }
}
