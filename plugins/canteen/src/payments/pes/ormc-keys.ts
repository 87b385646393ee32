/** Keys by which the payer's slip is checked (titre ORMC). */

/**
 * Cle1, modulo 11: the digits from the right with the weights 2 to 7 in turn, 11 minus the remainder of their sum; 10 and 11 become 1. What is no digit counts as 0.
 * @param parts - code of the collectivité, bordereau, exercice (two digits), période, number of the debt (13)
 */
export function cle1(parts: readonly string[]): string {
  const sum = Array.from(parts.join('')).toReversed().reduce((total, character, index) => total + (/\d/.test(character) ? Number(character) : 0) * (2 + (index % 6)), 0)
  const key = 11 - (sum % 11)
  return String(key > 9 ? 1 : key)
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXY'

/**
 * Cle2, modulo 23: a letter of an alphabet without I, O and Z.
 * @param parts - exercice (two digits), période, `00`, number of the debt (13)
 */
export function cle2(parts: readonly string[]): string {
  return LETTERS[Number(BigInt(parts.join('').replace(/\D/g, '0') || '0') % 23n)] ?? ''
}
