import { MIN_PASSWORD_LENGTH } from './password-rules.ts'

/** Letters that nobody takes for another, whatever the font. A syllable of one each is six bits of chance. */
const CONSONANTS = 'bdfgjklmnprstvzh'
const VOWELS = 'aeio'

/**
 * A password that can be read aloud and typed on a phone: three groups of syllables with dashes between, 54 bits of chance.
 * @param randomBytes - unguessable bytes
 */
export function readablePassword(randomBytes: (length: number) => Uint8Array): string {
  const syllables = Array.from(randomBytes(9), (byte) => `${CONSONANTS[byte & 15] ?? ''}${VOWELS[(byte >> 4) & 3] ?? ''}`)
  const groups = [0, 3, 6].map((start) => syllables.slice(start, start + 3).join(''))
  const password = groups.join('-')
  if (password.length < MIN_PASSWORD_LENGTH) throw new RangeError('A made-up password is shorter than the rules ask for.')
  return password
}
