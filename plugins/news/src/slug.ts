/** Longest slug, in characters. */
export const MAX_SLUG_LENGTH = 80

const LIGATURES: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd' }

/** Lower case, without accents or ligatures; everything but `a-z0-9` becomes one space. Used for slugs and for search. */
export function foldText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[œæßøłđ]/g, (letter) => LIGATURES[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/** The last part of an article's address: 1 to 80 of `a-z0-9-`, cut between words. A title without letters gives `article`. */
export function slugOf(title: string): string {
  const slug = foldText(title).replaceAll(' ', '-')
  if (slug === '') return 'article'
  if (slug.length <= MAX_SLUG_LENGTH) return slug
  const cut = slug.slice(0, MAX_SLUG_LENGTH + 1)
  const end = cut.lastIndexOf('-')
  return end > 0 ? cut.slice(0, end) : cut.slice(0, MAX_SLUG_LENGTH)
}

/** `base`, or the first of `base-2`, `base-3`… that is not taken. May be longer than {@link MAX_SLUG_LENGTH} by its number. */
export function freeSlug(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base
  for (let number = 2; ; number += 1) {
    const candidate = `${base}-${number}`
    if (!taken.has(candidate)) return candidate
  }
}
