import type { Outside } from '../outside.ts'

// Without what is mistaken for something else when read aloud or copied by hand: 0 o 1 l i.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP_LENGTH = 4

/** A password that a person can copy by hand: four groups of four, 79 bits of chance. */
export function randomPassword(outside: Outside): string {
  const letters: string[] = []
  while (letters.length < GROUPS * GROUP_LENGTH) {
    // Bytes past the last whole multiple are thrown away, else the first letters would come more often.
    for (const byte of outside.randomBytes(32)) if (byte < 256 - (256 % ALPHABET.length)) letters.push(ALPHABET[byte % ALPHABET.length] ?? '')
  }
  return Array.from({ length: GROUPS }, (_, group) => letters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join('')).join('-')
}
