/** Letters and digits that cannot be taken for each other, on paper or by a scanner with another keyboard: no vowels, no `A`, `Q`, `W`, `Z`, `M`. */
const LETTERS = 'BCDFGHJKLNPRSTVX'
const LENGTH = 24

/**
 * A code that says nothing of the child and that nobody can guess: 96 bits.
 * @param bytes - 12 of chance
 */
export function badgeCode(bytes: Uint8Array): string {
  const letters = [...bytes].flatMap((byte) => [LETTERS[byte >> 4] ?? '', LETTERS[byte & 15] ?? ''])
  return letters.slice(0, LENGTH).join('')
}

/** What was scanned or typed as a code; `undefined` where it cannot be one. Spaces, hyphens and small letters are no matter. */
export function scannedCode(text: string): string | undefined {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '')
  return code.length === LENGTH && new RegExp(`^[${LETTERS}]+$`).test(code) ? code : undefined
}
