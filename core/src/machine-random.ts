import { randomBytes } from 'node:crypto'

/** Bytes drawn from the system at a time. */
const POOL_BYTES = 4_096
/** Longest that is taken from the pool: the ids. Secrets are longer, and do not lie in memory before they are asked for. */
const FROM_POOL = 16

/** Unguessable bytes of this machine. Those of ids come from a pool, each byte once: drawing them one id at a time costs more than the rest of an id. */
export function machineRandom(): (length: number) => Uint8Array {
  let pool = new Uint8Array(0)
  let used = 0
  return (length) => {
    if (length > FROM_POOL) return randomBytes(length)
    if (used + length > pool.length) {
      pool = randomBytes(POOL_BYTES)
      used = 0
    }
    used += length
    // A copy: a buffer's own slice would be a view that keeps the whole pool.
    return new Uint8Array(pool.subarray(used - length, used))
  }
}
