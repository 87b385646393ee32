import type { TObject } from '@liberacces/sdk'
import type { Sealer } from '../secrets/sealer.ts'

/** The fields of a settings schema that nobody reads again. */
function secretFields(schema: TObject): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => (field['x-widget'] === 'secret' ? [name] : []))
}

/** What is stored: secrets sealed, each for its own place. */
export function withSealed(schema: TObject, value: Readonly<Record<string, unknown>>, place: string, sealer: Sealer): Readonly<Record<string, unknown>> {
  return mapSecrets(schema, value, (name, text) => sealer.seal(`${place}/${name}`, text))
}

/** What a plugin reads: secrets opened; those that do not open are left out, and told. */
export function withOpened(schema: TObject, stored: unknown, place: string, sealer: Sealer, lost: (name: string) => void): unknown {
  if (typeof stored !== 'object' || stored === null) return stored
  return mapSecrets(schema, stored as Readonly<Record<string, unknown>>, (name, sealed) => {
    const text = sealer.open(`${place}/${name}`, sealed)
    if (text === undefined) lost(name)
    return text
  })
}

/** What is left out of a form keeps what is there; what is sent empty takes it away. */
export function withKept(schema: TObject, given: unknown, before: Readonly<Record<string, unknown>>): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
  const next: Record<string, unknown> = { ...given }
  for (const name of secretFields(schema)) {
    if (next[name] === '') delete next[name]
    else if (next[name] === undefined && before[name] !== undefined) next[name] = before[name]
  }
  return next
}

/** What may be shown: `true` where a secret is set, and nothing of it. */
export function withoutSecrets(schema: TObject, value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const secrets = new Set(secretFields(schema))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, secrets.has(name) ? true : each]))
}

function mapSecrets(schema: TObject, value: Readonly<Record<string, unknown>>, change: (name: string, text: string) => string | undefined): Readonly<Record<string, unknown>> {
  const next: Record<string, unknown> = { ...value }
  for (const name of secretFields(schema)) {
    const text = next[name]
    if (typeof text !== 'string') continue
    const changed = change(name, text)
    if (changed === undefined) delete next[name]
    else next[name] = changed
  }
  return next
}
