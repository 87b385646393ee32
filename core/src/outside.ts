/** What the kernel takes from outside. Tests and certification pass their own: a moved clock, seeded chance, a cut network. */
export interface Outside {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Unguessable bytes; ids, tokens and salts come from here. */
  randomBytes(length: number): Uint8Array
  readonly fetch: typeof globalThis.fetch
}
