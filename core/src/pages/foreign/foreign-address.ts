// A page is read at an address that is not known here, over http or https: an address counts as our own only when it is so under both.
const BASES = ['http://own.invalid/', 'https://own.invalid/'] as const

/** Pictures that are part of the page itself. No SVG, which is a document. */
const OWN_PICTURE = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=]*$/
/** Read but in one way, as a place of this site: most links. No second slash after the first, which would begin a host, and nothing that readers leave out. */
const OWN_PATH = /^\/(?:[\w.~-][\w.~/?=&%+-]*)?$/
const LINK_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** Whether a link may lead there: another page or site, a mail address, a telephone. No user name before the host: it reads like one. */
export function isLinkAddress(address: string): boolean {
  return OWN_PATH.test(address) || BASES.every((base) => {
    const url = parse(address, base)
    return url !== undefined && LINK_SCHEMES.has(url.protocol) && url.username === '' && url.password === ''
  })
}

/** Whether an address is one of this site, whatever page it stands on. */
export function isOwnAddress(address: string): boolean {
  return OWN_PATH.test(address) || BASES.every((base) => parse(address, base)?.origin === new URL(base).origin)
}

/** Whether a picture may be shown: one of this site, or one that is written out in the page. */
export function isOwnPicture(address: string): boolean {
  return OWN_PICTURE.test(address) || isOwnAddress(address)
}

/**
 * Whether an address lies under one of some prefixes, once dots and backslashes in it are resolved as browsers do. An address that depends on the page
 * it stands on does not.
 * @param prefixes such as `/apps/canteen/`, or with an origin before
 */
export function isUnder(address: string, prefixes: readonly string[]): boolean {
  if (!/^(?:\/|https?:\/\/)/.test(address)) return false
  return prefixes.some((prefix) => BASES.every((base) => parse(address, base)?.href.startsWith(new URL(prefix, base).href) === true))
}

function parse(address: string, base: string): URL | undefined {
  return URL.canParse(address, base) ? new URL(address, base) : undefined
}
