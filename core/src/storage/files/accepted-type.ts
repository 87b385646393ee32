/** Types that a browser runs when it opens them. They are taken only where they are named, never through a wildcard. */
const ACTIVE: ReadonlySet<string> = new Set(['image/svg+xml', 'text/html', 'application/xhtml+xml', 'application/xml'])

/**
 * Whether a type is among the accepted ones.
 * @param accept - types such as `image/png`, or families such as `image/*`; empty takes all but active types
 */
export function isAccepted(type: string, accept: readonly string[]): boolean {
  if (accept.includes(type)) return true
  if (ACTIVE.has(type)) return false
  return accept.length === 0 || accept.includes('*/*') || accept.includes(`${type.split('/')[0]}/*`)
}
