import type { Static, TSchema } from '@sinclair/typebox'
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler'

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>()

/** The checker of a schema, compiled once. */
function checkerOf<Schema extends TSchema>(schema: Schema): TypeCheck<Schema> {
  const known = compiled.get(schema)
  if (known !== undefined) return known as TypeCheck<Schema>
  const checker = TypeCompiler.Compile(schema)
  compiled.set(schema, checker as unknown as TypeCheck<TSchema>)
  return checker
}

/** Whether a value fits a schema. */
export function fits<Schema extends TSchema>(schema: Schema, value: unknown): value is Static<Schema> {
  return checkerOf(schema).Check(value)
}

/** The first thing that keeps a value from fitting its schema: where, and what was expected. */
export function misfit(schema: TSchema, value: unknown): string | undefined {
  const checker = checkerOf(schema)
  // What is wrong is searched for only where something is: that takes ten times as long as the compiled check.
  if (checker.Check(value)) return undefined
  const error = checker.Errors(value).First()
  return error === undefined ? undefined : `${error.path === '' ? 'the value' : error.path}: ${error.message}`
}
