import type { FamiliesContext } from './families-types.ts'

/** Letters and digits that are not taken for others on paper. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What the citizen of a demonstration types to be linked to a family: accounts are made after the plugins are filled, so none can be linked before. */
export const DEMO_CODE = 'DEMO-FAMI-LLE1'

/** A code of twelve characters that nobody guesses (58 bits), as in `K7QM-2XWA-9PDT`. */
export function makeCode(c: Pick<FamiliesContext, 'secrets'>): string {
  // Bytes of 240 and more would make the first letters likelier than the others.
  const letters = [...c.secrets.random(64)].filter((byte) => byte < 240).slice(0, 12).map((byte) => ALPHABET[byte % ALPHABET.length] ?? '')
  return [0, 4, 8].map((from) => letters.slice(from, from + 4).join('')).join('-')
}

/** A code as it was typed, with or without hyphens and in small letters; `undefined` for what is none. */
export function normalCode(text: string): string | undefined {
  const letters = text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  return letters.length === 12 ? [0, 4, 8].map((from) => letters.slice(from, from + 4)).join('-') : undefined
}
