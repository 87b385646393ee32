/** A text as the search compares it: lower case, without accents, only letters, digits and single spaces. Nothing in it is a wildcard of SQL. */
export function searchText(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replaceAll('œ', 'oe')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}
