/**
 * Whether a reader wants a page, not data: `text/html` is asked for by name, and no later than any JSON
 * (RFC 9110, section 12.5.1, read as browsers and API clients write it).
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('text/html')) return false
  let html = 0
  let json = 0
  for (const part of accept.slice(0, 500).toLowerCase().split(',')) {
    const [type = '', ...parameters] = part.split(';').map((each) => each.trim())
    const quality = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1) || 0
    if (type === 'text/html') html = quality
    if (type === 'application/json' || type === 'application/problem+json') json = Math.max(json, quality)
  }
  return html > 0 && html >= json
}
