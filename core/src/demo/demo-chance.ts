import { createHash } from 'node:crypto'

/** Numbers from 0 (included) to 1 (excluded), the same ones for the same seed (sfc32, as PractRand publishes it). */
export function seededChance(seed: string): () => number {
  const bytes = createHash('sha256').update(seed).digest()
  let [a, b, c, counter] = [bytes.readInt32LE(0), bytes.readInt32LE(4), bytes.readInt32LE(8), 1]
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let round = 0; round < 12; round += 1) next()
  return next
}
