// A registered name of RFC 1123 labels, perhaps a final dot, perhaps a port. No address ever names a tenant.
const HOST = /^((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.?(?::\d{1,5})?$/

/** The host name in a `Host` header: lower case, without port and final dot; `undefined` when it is none. Never throws. */
export function parseHost(text: string): string | undefined {
  if (text.length > 260) return undefined
  const name = HOST.exec(text.toLowerCase())?.[1]
  return name === undefined || name.length > 253 ? undefined : name
}
