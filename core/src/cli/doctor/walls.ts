import { lookAround } from '../../process/box/standing-walls.ts'
import { unprivilegedUser, userWall } from '../../process/box/unprivileged-user.ts'
import type { Config } from '../../config.ts'
import { failureOf } from '../failure.ts'
import type { Finding } from './finding.ts'

/** Which walls would stand around a plugin in a process of its own, started by whoever asks. */
export async function examineWalls({ walls: policy }: Pick<Config, 'walls'>): Promise<readonly Finding[]> {
  try {
    const { bubblewrap, walls } = await lookAround(policy)
    return [...walls, userWall(bubblewrap !== undefined, await unprivilegedUser([]))].map(({ id, stands, what, fix }): Finding => ({
      // A part of it may be missing where it stands.
      id: `wall-${id}`, status: fix === undefined && stands ? 'ok' : 'hint', what, ...(fix === undefined ? {} : { fix }),
    }))
  } catch (error) {
    const { message, fix } = failureOf(error)
    return [{ id: 'walls', status: 'broken', what: message, fix }]
  }
}
