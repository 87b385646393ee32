/**
 * Headers that belong to the connection or to whoever makes it (RFC 9110, sections 7.2 and 7.6.1): a plugin that could set them would reach another host of
 * the same server than it declared, or have one request read as two.
 */
const NOT_THE_SENDERS: ReadonlySet<string> = new Set([
  'connection', 'content-length', 'expect', 'host', 'http2-settings', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade',
])

/** The headers of a plugin's request without those that are not its own to set. */
export function sentHeaders(init: RequestInit['headers']): Headers {
  const headers = new Headers(init)
  const others = [...headers.keys()].filter((name) => NOT_THE_SENDERS.has(name) || name.startsWith('proxy-'))
  for (const name of others) headers.delete(name)
  return headers
}
