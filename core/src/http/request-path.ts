/** Longest address that is taken, in characters, query included. */
export const MAX_URL_LENGTH = 4096

// What two readers of one address could understand differently: dot segments, empty segments, backslashes, control
// characters, fragments, encoded slashes and NULs, broken encodings. A proxy in front must never see another path than we do.
const AMBIGUOUS = /[\0-\x20\x7f\\#]|\/\/|\/(?:\.|%2e){1,2}(?:\/|$)|%(?:00|2f|5c)|%(?![0-9a-f]{2})/i

/** Whether an address is one path that everybody reads the same way. */
export function isPlainPath(url: string): boolean {
  if (url.charCodeAt(0) !== 47 /* / */) return false
  const end = url.indexOf('?')
  return !AMBIGUOUS.test(end === -1 ? url : url.slice(0, end))
}

/** The `<path>` of `/apps/<path>/…`; `undefined` for any other address. */
export function pluginPathOf(url: string): string | undefined {
  if (!url.startsWith('/apps/')) return undefined
  for (let index = 6; index < url.length; index++) {
    const char = url.charCodeAt(index)
    if (char === 47 /* / */ || char === 63 /* ? */) return url.slice(6, index)
  }
  return url.slice(6)
}

/** An address without its query, which may hold personal data: for logs and problems. */
export function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
