import { Kind, OptionalKind, type TSchema } from '@sinclair/typebox'

/** A JSON Schema as data: read from a manifest, or made by TypeBox. */
export type JsonSchema = Readonly<Record<string, unknown>>

const KIND_OF_TYPE: Readonly<Record<string, string>> = {
  string: 'String', number: 'Number', integer: 'Integer', boolean: 'Boolean', null: 'Null', array: 'Array', object: 'Object',
}

/**
 * A schema that TypeBox can check, from plain JSON Schema: TypeBox goes by symbols, which a schema loses on its way through
 * JSON (`plugin.json`) and which `Choice` and `LongText` never have. What is no JSON Schema keyword of ours is kept as it is.
 */
export function restoreKinds(schema: JsonSchema): TSchema {
  const required = schemaList(schema['required'])
  const properties = isSchema(schema['properties'])
    ? Object.fromEntries(Object.entries(schema['properties']).map(([name, property]) => {
        const restored = restoreKinds(property as JsonSchema)
        return [name, required.includes(name) ? restored : { ...restored, [OptionalKind]: 'Optional' }]
      }))
    : undefined
  const children = {
    ...(properties === undefined ? {} : { properties }),
    ...mapSchema(schema, 'items'),
    ...mapSchema(schema, 'additionalProperties'),
    ...mapSchema(schema, 'not'),
    ...mapSchemas(schema, 'anyOf'),
    ...mapSchemas(schema, 'allOf'),
    ...(isSchema(schema['patternProperties'])
      ? { patternProperties: Object.fromEntries(Object.entries(schema['patternProperties']).map(([pattern, each]) => [pattern, restoreKinds(each as JsonSchema)])) }
      : {}),
  }
  const kind: unknown = (schema as Readonly<Record<symbol, unknown>>)[Kind]
  if (typeof kind === 'string' && kind !== 'Unsafe') return { ...schema, ...children } as TSchema
  if (Array.isArray(schema['enum'])) {
    return { ...schema, [Kind]: 'Union', anyOf: schema['enum'].map((value: unknown) => ({ [Kind]: 'Literal', const: value, type: typeof value })) } as unknown as TSchema
  }
  return { ...schema, ...children, [Kind]: kindOf(schema) } as TSchema
}

function kindOf(schema: JsonSchema): string {
  if ('const' in schema) return 'Literal'
  if (Array.isArray(schema['anyOf'])) return 'Union'
  if (Array.isArray(schema['allOf'])) return 'Intersect'
  if (isSchema(schema['not'])) return 'Not'
  const type = schema['type']
  if (type === 'object') return isSchema(schema['patternProperties']) ? 'Record' : isSchema(schema['properties']) ? 'Object' : 'Any'
  if (type === 'array') return Array.isArray(schema['items']) ? 'Tuple' : isSchema(schema['items']) ? 'Array' : 'Any'
  return typeof type === 'string' ? (KIND_OF_TYPE[type] ?? 'Any') : 'Any'
}

function mapSchema(schema: JsonSchema, keyword: string): JsonSchema {
  const value = schema[keyword]
  if (Array.isArray(value)) return mapSchemas(schema, keyword)
  return isSchema(value) ? { [keyword]: restoreKinds(value) } : {}
}

function mapSchemas(schema: JsonSchema, keyword: string): JsonSchema {
  const value = schema[keyword]
  return Array.isArray(value) ? { [keyword]: value.map((each) => restoreKinds(each as JsonSchema)) } : {}
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function schemaList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
