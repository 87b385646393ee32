/** A JSON Schema as far as it is compared. */
interface Schema {
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

/**
 * How a newer schema of an event breaks those who read it by the older one: what they rely on is gone or has become something else. What comes in addition
 * breaks nobody. Pure.
 * @param at - where, for the messages
 */
export function brokenBy(older: unknown, newer: unknown, at = ''): readonly string[] {
  const [before, after] = [older as Schema | undefined, newer as Schema | undefined]
  if (before === undefined) return []
  const where = at === '' ? 'its data' : `"${at}"`
  if (after === undefined) return [`${where} is gone`]
  const found: string[] = []
  if (JSON.stringify(before.type) !== JSON.stringify(after.type)) found.push(`${where} was ${JSON.stringify(before.type ?? 'anything')} and is ${JSON.stringify(after.type ?? 'anything')}`)
  if (before.const !== undefined && JSON.stringify(before.const) !== JSON.stringify(after.const)) found.push(`${where} was always ${JSON.stringify(before.const)}`)
  for (const [name, schema] of Object.entries(before.properties ?? {})) {
    const below = at === '' ? name : `${at}.${name}`
    found.push(...brokenBy(schema, after.properties?.[name], below))
    if (before.required?.includes(name) === true && after.properties?.[name] !== undefined && after.required?.includes(name) !== true) found.push(`"${below}" was always there and may be missing`)
  }
  if (before.items !== undefined) found.push(...brokenBy(before.items, after.items, `${at}[]`))
  return found
}
