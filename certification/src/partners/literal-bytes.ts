import type { Length, Literal } from './partner-description.ts'

/** The bytes that a literal stands for. */
export function literalBytes(literal: Literal): Buffer {
  if ('text' in literal) return Buffer.from(literal.text, 'utf8')
  return 'hex' in literal ? Buffer.from(literal.hex.replaceAll(/\s+/g, ''), 'hex') : Buffer.from(literal.base64, 'base64')
}

/** A number in so many bytes, or in digits. */
export function numberBytes(value: number, width: number | 'text' | 'varint', little = false): Buffer {
  if (width === 'text') return Buffer.from(String(value))
  if (width === 'varint') {
    const bytes: number[] = []
    for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + (rest >= 128 ? 128 : 0))
    return Buffer.from(bytes)
  }
  const bytes = Buffer.alloc(width)
  for (let index = 0, rest = value; index < width; index += 1, rest = Math.floor(rest / 256)) bytes[little ? index : width - 1 - index] = rest % 256
  return bytes
}

/** Most bytes of a number of changing width: four of seven bits. */
const MOST_VARINT = 4

/**
 * Reads a length.
 * @returns its value and where it ends; `undefined` while it is not all there; -1 for one that cannot be
 */
export function readLength(bytes: Buffer, at: number, { sized, little = false, plus = 0 }: Length): { readonly value: number; readonly end: number } | undefined {
  if (sized === 'varint') {
    let value = 0
    for (let index = 0; index < MOST_VARINT; index += 1) {
      const byte = bytes[at + index]
      if (byte === undefined) return undefined
      value += (byte % 128) * 128 ** index
      if (byte < 128) return { value: value - plus, end: at + index + 1 }
    }
    return { value: -1, end: at + MOST_VARINT }
  }
  if (bytes.length < at + sized) return undefined
  let value = 0
  for (let index = 0; index < sized; index += 1) value = value * 256 + (bytes[little ? at + sized - 1 - index : at + index] ?? 0)
  return { value: value - plus, end: at + sized }
}
