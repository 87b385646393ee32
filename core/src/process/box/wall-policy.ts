/**
 * How the walls of a box are chosen. `best`: all that the machine offers, and the box opens in any case. `require`: no box without bubblewrap.
 * `node`: Node's permissions and limits alone, for machines where bubblewrap is there and must not be used.
 */
export const WALL_POLICIES = ['best', 'require', 'node'] as const
/** One of {@link WALL_POLICIES}. */
export type WallPolicy = (typeof WALL_POLICIES)[number]
