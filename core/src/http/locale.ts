import { LOCALES, type Locale } from '@liberacces/sdk'

const COOKIE = /(?:^|;\s*)lang=(fr|en)(?:;|$)/
const QUERY = /[?&]lang=(fr|en)(?:&|$)/

/** The language asked for in the address, to be remembered. */
export function localeInQuery(url: string): Locale | undefined {
  return url.includes('lang=') ? (QUERY.exec(url)?.[1] as Locale | undefined) : undefined
}

/** The reader's language: what the cookie remembers, else what the browser prefers, else French. */
export function localeOf(cookie: string | undefined, acceptLanguage: string | undefined): Locale {
  if (cookie?.includes('lang=')) {
    const remembered = COOKIE.exec(cookie)?.[1]
    if (remembered !== undefined) return remembered as Locale
  }
  return acceptLanguage === undefined ? 'fr' : preferred(acceptLanguage)
}

/** The best of `Accept-Language` (RFC 9110, section 12.5.4); the first one of equals. */
function preferred(header: string): Locale {
  let best: Locale = 'fr'
  let bestQuality = 0
  for (const part of header.slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const quality = Number(parameters.find((parameter) => parameter.trim().startsWith('q='))?.trim().slice(2) ?? 1)
    const locale = LOCALES.find((each) => tag === each || tag.startsWith(`${each}-`)) ?? (tag === '*' ? 'fr' : undefined)
    if (locale !== undefined && quality > bestQuality) [best, bestQuality] = [locale, quality]
  }
  return best
}
