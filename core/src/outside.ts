/** What the kernel takes from outside. Tests and certification pass their own: a moved clock, seeded chance, a cut network. */
export interface Outside {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Unguessable bytes; ids, tokens and salts come from here. */
  randomBytes(length: number): Uint8Array
  readonly fetch: typeof globalThis.fetch
  /**
   * Told at each point where the death of the process must be harmless, such as `upgrade:migrated`, in the order in which they are
   * passed. Tests end the process there; nothing else listens.
   */
  readonly reached?: (point: string) => void | Promise<void>
}
