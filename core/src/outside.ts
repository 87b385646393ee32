import type { Lookup } from './egress/lookup-turns.ts'
import type { PinnedConnect } from './egress/pinned-connect.ts'
import type { PinnedFetch } from './egress/pinned-fetch.ts'

/** What the kernel takes from outside. Tests and certification pass their own: a moved clock, seeded chance, a cut network. */
export interface Outside {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Unguessable bytes; ids, tokens and salts come from here. */
  randomBytes(length: number): Uint8Array
  /** A request over connections to addresses that were looked at. It follows no redirect. */
  readonly fetch: PinnedFetch
  /** All addresses of a host name. @defaultValue the machine's resolver */
  readonly lookup?: Lookup
  /** A connection to addresses that were looked at. @defaultValue the machine's network */
  readonly connect?: PinnedConnect
  /**
   * Told at each point where the death of the process must be harmless, such as `upgrade:migrated`, in the order in which they are
   * passed. Tests end the process there; nothing else listens.
   */
  readonly reached?: (point: string) => void | Promise<void>
}
