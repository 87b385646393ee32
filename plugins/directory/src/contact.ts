/**
 * An e-mail address as it is stored: trimmed and in lower case, at most 254 characters (RFC 5321).
 * `undefined` where the text is none; only the shape is checked, not whether anyone reads it.
 */
export function parseEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase()
  return email.length <= 254 && /^[^\s@<>"(),;:\\[\]\p{Cc}]+@[a-z0-9\p{Ll}-]+(\.[a-z0-9\p{Ll}-]+)+$/u.test(email) ? email : undefined
}

/**
 * A telephone number as it is stored and shown: French numbers as `05 36 49 12 34`, others as `+` and 6 to 15 digits (E.164).
 * Accepts spaces, dots, dashes, `+33` and `0033`. `undefined` where the text is none.
 */
export function parsePhone(text: string): string | undefined {
  const compact = text.replace(/[\s.\-()/]/g, '').replace(/^00/, '+').replace(/^\+330?(?=[1-9]\d{8}$)/, '0')
  if (/^0[1-9]\d{8}$/.test(compact)) return compact.replace(/(\d\d)(?=\d)/g, '$1 ')
  // A number of France that did not become ten digits above is mistyped.
  return /^\+(?!33)[1-9]\d{5,14}$/.test(compact) ? compact : undefined
}

/** The number as a `tel:` link dials it (RFC 3966). */
export function phoneUri(phone: string): string {
  const compact = phone.replace(/\s/g, '')
  return `tel:${compact.startsWith('0') ? `+33${compact.slice(1)}` : compact}`
}
