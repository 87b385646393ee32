import { FormatRegistry, TypeRegistry } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { restoreKinds } from './kinds.ts'

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?$/
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/
// What browsers check in <input type="email"> (HTML standard), at most 254 characters (RFC 5321).
const EMAIL = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const SCHEME = /^[a-z][a-z0-9+.-]*:/i

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined) return false
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** The string formats of the platform, as they are checked everywhere. `time` is a time of day without a zone. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date': isDate,
  'time': (text) => TIME.test(text),
  'date-time': (text) => isDate(DATE_TIME.exec(text)?.[1] ?? ''),
  'email': (text) => text.length <= 254 && EMAIL.test(text),
  'uri': (text) => SCHEME.test(text) && !/\s/.test(text) && URL.canParse(text),
  'uuid': (text) => UUID.test(text),
}

/**
 * Makes TypeBox know the formats `date`, `time`, `date-time`, `email`, `uri` and `uuid`, and lets it check the kinds that
 * `Choice` and `LongText` make. Without it TypeBox refuses such a string as of an unknown format. Twice does no harm.
 */
export function registerFormats(): void {
  for (const [name, check] of Object.entries(FORMATS)) FormatRegistry.Set(name, check)
  TypeRegistry.Set('Unsafe', (schema, value) => Value.Check(restoreKinds(schema as Readonly<Record<string, unknown>>), value))
}
