import type { RegisteredCommand } from '@liberacces/sdk/host'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { PlatformError } from '../errors.ts'
import { compileSchema } from '../http/endpoints/schema-check.ts'
import { textReader } from '../http/endpoints/text-values.ts'

/**
 * Reads `option=value…` by what a plugin's command takes.
 * @throws PlatformError `REQUEST_INVALID` naming every option that does not fit
 */
export function commandInput({ name, input = Type.Object({}) }: RegisteredCommand, options: readonly string[]): unknown {
  const schema = { ...input, additionalProperties: false }
  const texts: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const option of options) {
    const at = option.indexOf('=')
    if (at < 1) throw new PlatformError('REQUEST_INVALID', `"${option}" is no option of "${name}".`, { fix: `Write option=value; its options are: ${Object.keys(input.properties).join(', ') || 'none'}.` })
    const key = option.slice(0, at)
    const text = option.slice(at + 1)
    texts[key] = input.properties[key]?.['type'] === 'array' ? text.split(',').map((each) => each.trim()).filter((each) => each !== '') : text
  }
  const values = Value.Default(schema, textReader(schema)(texts))
  const check = compileSchema(schema)
  if (check.fits(values)) return values
  const fields = Object.fromEntries(Object.entries(check.wrong(values, '')).map(([place, what]) => [place.slice(1), what]))
  throw new PlatformError('REQUEST_INVALID', `Options of "${name}" do not fit.`, {
    fix: `Its options are: ${Object.keys(input.properties).join(', ') || 'none'}.`, fields,
  })
}
