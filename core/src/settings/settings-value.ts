import type { TObject, TSchema } from '@liberacces/sdk'
import { restoreKinds } from '@liberacces/sdk/host'
import { Value } from '@sinclair/typebox/value'
import { fits } from '../validation.ts'

/** Settings of a plugin on a tenant, parsed and frozen. */
export type SettingsValue = Readonly<Record<string, unknown>>

/** What was made of a stored value. */
export interface ParsedSettings {
  readonly value: SettingsValue
  /** Fields whose stored value no longer fits; the default stands in. */
  readonly dropped: readonly string[]
}

const restored = new WeakMap<TObject, TObject>()

/** The schema as TypeBox can check it, also when it came out of a manifest. */
export function checkableSchema(schema: TObject): TObject {
  const known = restored.get(schema)
  if (known !== undefined) return known
  const checkable = restoreKinds(schema) as TObject
  restored.set(schema, checkable)
  return checkable
}

/** Reads a stored value by today's schema: defaults filled in, what is unknown left out, what does not fit replaced by its default. */
export function parseSettings(schema: TObject, stored: unknown): ParsedSettings {
  const checkable = checkableSchema(schema)
  const given = isRecord(stored) ? stored : {}
  const dropped: string[] = []
  const value: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(checkable.properties ?? {})) {
    const parsed = Object.hasOwn(given, name) ? Value.Clean(field, Value.Default(field, structuredClone(given[name]))) : undefined
    if (parsed !== undefined && fits(field, parsed)) {
      value[name] = parsed
      continue
    }
    if (Object.hasOwn(given, name)) dropped.push(name)
    const fallback = defaultOf(field)
    if (fallback !== undefined) value[name] = fallback
  }
  return { value: deepFreeze(value), dropped }
}

function defaultOf(field: TSchema): unknown {
  const made = Value.Default(field, undefined)
  return made === undefined ? undefined : Value.Clean(field, structuredClone(made))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const each of Object.values(value)) deepFreeze(each)
  return Object.freeze(value)
}
