import { fileURLToPath } from 'node:url'
import { PlatformError } from '../../errors.ts'
import { BoxProcess } from './box-process.ts'
import type { BoxedChild, BoxOptions } from './box.ts'
import { sandboxArguments } from './bubblewrap.ts'
import { launch } from './launcher.ts'
import { nodeFlags } from './node-flags.ts'
import { resolveReadable } from './readable-paths.ts'
import { limitedCommand } from './resource-limits.ts'
import { findStandingWalls } from './standing-walls.ts'
import { unprivilegedUser, userWall } from './unprivileged-user.ts'

const GUARD = fileURLToPath(new URL('guard.js', import.meta.url))
const SMALLEST_MB = 32
const LARGEST_MB = 16_384

/**
 * Starts a program in a child process with all the walls that the machine offers and `options.walls` allows. Comes back when the child is under way;
 * whether the program makes itself heard is for whoever listens to the channel.
 *
 * @throws PlatformError `PLUGIN_LOAD_FAILED` when what it should read cannot be granted; `BOX_UNAVAILABLE` when the walls that are required do not stand,
 * or the process cannot be started
 */
export async function openBox(options: BoxOptions): Promise<BoxedChild> {
  const { name, memoryMb, signal } = options
  if (!Number.isInteger(memoryMb) || memoryMb < SMALLEST_MB || memoryMb > LARGEST_MB) throw new RangeError(`memoryMb of ${name} is ${memoryMb}; give ${SMALLEST_MB} to ${LARGEST_MB}.`)
  const standing = await findStandingWalls(options.walls ?? 'best')
  const { paths, program } = await resolveReadable(name, options.program, options.readable)
  signal?.throwIfAborted()
  const { bubblewrap, canLimit, groups, endWithPlatform, walls } = standing
  const readable = [...paths, GUARD]
  const own = bubblewrap === undefined ? await unprivilegedUser(readable) : {}
  const env = childEnvironment()
  const node = [process.execPath, ...nodeFlags({ memoryMb, readable: paths, guard: GUARD }), program, ...options.args ?? []]
  const command = [
    ...(canLimit ? limitedCommand(memoryMb) : []),
    ...(bubblewrap === undefined ? endWithPlatform : [bubblewrap.path, '--info-fd', '4', ...sandboxArguments({ flags: bubblewrap.flags, readable, env, ...(bubblewrap.filter === undefined ? {} : { filterOn: 5 }) })]),
    ...node,
  ]
  const group = groups?.make(memoryMb)
  const [file = '', ...args] = command
  let box: BoxProcess | undefined
  try {
    const child = await launch({ file, args, env, tellsPid: bubblewrap !== undefined, user: own.user, filter: bubblewrap?.filter })
    box = new BoxProcess(child, { options, group, walls: [...walls, userWall(bubblewrap !== undefined, own)] })
    await box.start()
  } catch (cause) {
    box?.kill()
    await box?.exited
    if (box === undefined) group?.remove()
    throw new PlatformError('BOX_UNAVAILABLE', `The process of ${name} could not be started.`, { fix: 'Look at `liberacces doctor`: it says which walls stand and what they need. The folder for temporary files (TMPDIR) must be one that can be written to, and its path no longer than 60 characters.', cause })
  }
  return box
}

/**
 * Nothing of the platform's own: only the time zone, so that dates read the same in a box and beside it, and what makes the C library give memory back that
 * compiling took (without, a quarter of a child's memory is kept for nothing); the guard takes the latter away before a plugin could see it.
 */
function childEnvironment(): Readonly<Record<string, string>> {
  return { TZ: Intl.DateTimeFormat().resolvedOptions().timeZone, MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '32768' }
}
