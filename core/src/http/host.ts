// A registered name (RFC 1123 labels) or an address in brackets, then perhaps a port.
const HOST = /^(?:((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.?|(\[[0-9a-f:.]{2,45}\]))(?::\d{1,5})?$/

/**
 * The name in a `Host` header: lower case, without port and final dot.
 * `undefined` when the header is missing or is no host; nothing of it is ever shown.
 */
export function hostOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 255) return undefined
  const match = HOST.exec(header.toLowerCase())
  return match?.[1] ?? match?.[2]
}
