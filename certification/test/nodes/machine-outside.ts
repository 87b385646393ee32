import { randomBytes } from 'node:crypto'
import type { Outside } from '@liberacces/core'

/** A machine whose clock is off, without a network. */
export function machineOutside(skewMs: number, reached: (point: string) => Promise<void> | void): Outside {
  return { now: () => Date.now() + skewMs, randomBytes: (length) => new Uint8Array(randomBytes(length)), fetch: () => Promise.reject(new Error('The network is cut.')), reached }
}
