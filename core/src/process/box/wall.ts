/** What can stand between a child and the machine. */
export const WALL_IDS = ['permissions', 'network', 'sandbox', 'user', 'memory', 'limits'] as const
/** One of {@link WALL_IDS}. */
export type WallId = (typeof WALL_IDS)[number]

/** One wall of a box, whether it stands or not. */
export interface Wall {
  readonly id: WallId
  readonly stands: boolean
  /** What it does and by what, or why it does not stand; for an operator. */
  readonly what: string
  /** What an operator can do to have it, or to have it whole where a part of it is missing. Nothing is left to do without. */
  readonly fix?: string
}
