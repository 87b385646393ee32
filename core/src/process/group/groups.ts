/** Plugins that an operator lets share one process. */
export interface GroupChoice {
  readonly name: string
  /** Most memory of the process that they share, in MiB: 32 to 16 384. */
  readonly memoryMb: number
  /** Ids of plugins, or names of their packages. */
  readonly plugins: readonly string[]
}

/** Memory of a shared process where the operator does not say, in MiB: what two usual plugins have alone. */
export const USUAL_GROUP_MB = 256
