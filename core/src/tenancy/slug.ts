/** Names that no tenant may take: they are, or may become, addresses of the platform itself. */
export const RESERVED_SLUGS: ReadonlySet<string> = new Set(['pool', 'www', 'admin', 'api'])
/** The Pool's own slug. */
export const POOL_SLUG = 'pool'
/** Longest slug: a DNS label (RFC 1035). */
const MAX_LENGTH = 63

// Letters that Unicode does not take apart.
const LETTERS: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd' }

/**
 * The slug of a French name: « L'Houmeau » gives `l-houmeau`, « Œuilly » gives `oeuilly`. Applied to a slug, it changes nothing.
 * @returns `''` when the name holds no letter or digit that a host name can hold
 */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[œæßøłđ]/g, (letter) => LETTERS[letter] ?? '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    // Compatibility forms may come apart into capitals (℠ is SM).
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, MAX_LENGTH)
    .replace(/-$/, '')
}

/** Whether a text can be a slug: letters a to z and digits, single dashes between them, at most 63. */
export function isSlug(text: string): boolean {
  return text.length <= MAX_LENGTH && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text)
}
