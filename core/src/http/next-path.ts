/**
 * Where to go after a login: a path of this very host. Anything else, such as another site in disguise, becomes `/`.
 * @param text - untrusted
 */
export function safeNext(text: unknown): string {
  if (typeof text !== 'string' || text.length > 2048 || !text.startsWith('/') || /[\0-\x20\x7f\\]/.test(text)) return '/'
  const base = 'http://this.invalid'
  if (!URL.canParse(text, base)) return '/'
  const { origin, pathname, search } = new URL(text, base)
  // A browser may read "//host" or "/./host" as another site, also after the dots are resolved.
  if (origin !== base || pathname.startsWith('//')) return '/'
  return pathname.startsWith('/auth/') ? '/' : pathname + search
}
