/**
 * Whether a text is a SIREN: nine digits whose Luhn sum is a multiple of ten (INSEE, Sirene register).
 * La Poste's exception concerns the SIRET of its establishments, never a SIREN.
 */
export function isSiren(text: string): boolean {
  if (!/^\d{9}$/.test(text) || text === '000000000') return false
  let sum = 0
  for (let index = 0; index < 9; index += 1) {
    const digit = Number(text[index])
    // Every second digit from the right counts double, its own digits summed.
    const weighed = index % 2 === 1 ? digit * 2 : digit
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}
