/**
 * A text as searches compare it: lower case, no diacritics, ligatures opened, everything but letters and digits turned
 * into single spaces. Nothing in it has a meaning in an SQL `LIKE` pattern. Folding twice changes nothing.
 * @example foldText('Sœur Éloïse-Anne') === 'soeur eloise anne'
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    // Lower-casing some letters leaves a mark of its own (İ becomes i and a dot above), so marks go last.
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/ß/g, 'ss')
    .replace(/[^\p{Ll}\p{Lo}\p{Lm}\p{N}]+/gu, ' ')
    .trim()
}

/** The words of a search, folded, each once; at most eight, which is more than anyone types and bounds the query. */
export function searchWords(text: string): readonly string[] {
  return [...new Set(foldText(text).split(' ').filter((word) => word !== ''))].slice(0, 8)
}
