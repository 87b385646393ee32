import { randomBytes } from 'node:crypto'
import type { Outside } from '@liberacces/core'

/**
 * A machine whose clock is off, without a network. All of the process goes by that clock: as on a real one, the platform finds out how far it is off.
 */
export function machineOutside(skewMs: number, reached: (point: string) => Promise<void> | void): Outside {
  const right = Date.now
  Date.now = () => right() + skewMs
  return { now: () => Date.now(), randomBytes: (length) => new Uint8Array(randomBytes(length)), fetch: () => Promise.reject(new Error('The network is cut.')), reached }
}
