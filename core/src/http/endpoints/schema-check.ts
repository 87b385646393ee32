import { TypeCompiler } from '@sinclair/typebox/compiler'
import { Value } from '@sinclair/typebox/value'
import type { TSchema } from '@liberacces/sdk'
import { restoreKinds } from '@liberacces/sdk/host'
import { PlatformError } from '../../errors.ts'

/** A schema, compiled once: the check that runs on every request. */
export interface SchemaCheck {
  readonly fits: (value: unknown) => boolean
  /** Pointer into the value (RFC 6901), with `in` before it, to what is wrong there. At most 20. */
  wrong(value: unknown, within: string): Readonly<Record<string, string>>
}

/** @throws Error when the schema is of a kind that nobody can check */
export function compileSchema(schema: TSchema): SchemaCheck {
  const restored = restoreKinds(schema)
  const compiled = TypeCompiler.Compile(restored)
  return {
    fits: (value) => compiled.Check(value),
    wrong(value, within) {
      const fields: Record<string, string> = {}
      for (const { path, message } of Value.Errors(restored, value)) {
        fields[within + path] ??= message
        if (Object.keys(fields).length === 20) break
      }
      return fields
    },
  }
}

/**
 * @param within - `params`, `query` or `body`
 * @throws PlatformError `REQUEST_INVALID` naming every place
 */
export function requireFit(check: SchemaCheck, value: unknown, within: string): void {
  if (check.fits(value)) return
  throw new PlatformError('REQUEST_INVALID', `The ${within} of the request does not fit what this address declares.`, {
    fix: 'Correct the places named in "fields"; /openapi.json has the schema.',
    fields: check.wrong(value, within),
  })
}
