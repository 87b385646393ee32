import { lstat, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Wall } from './wall.ts'

/** Of user ids that no system gives to people or services. */
const FIRST_USER = 1_818_300_416
const MOST_USERS = 60_000
const MAY_ENTER = 0o001
const MAY_READ = 0o004

/** A user and group that owns nothing. */
export interface User {
  readonly uid: number
  readonly gid: number
}

let given = 0

/** A user of its own for a child, or what stands in its way. */
export interface UnprivilegedUser {
  readonly user?: User
  /** What the child must read, and others than root may not. */
  readonly unreadable?: string
}

/**
 * A user of its own for a child, so that it can neither signal nor read anything of root's or of another child. Only root can give one, and only
 * where everybody may read what the child must; nothing otherwise.
 */
export async function unprivilegedUser(readable: readonly string[]): Promise<UnprivilegedUser> {
  if (process.getuid?.() !== 0) return {}
  for (const path of [process.execPath, ...readable]) if (!await canEverybodyReach(dirname(path)) || !await canEverybodyRead(path)) return { unreadable: path }
  given = (given + 1) % MOST_USERS
  return { user: { uid: FIRST_USER + given, gid: FIRST_USER + given } }
}

/** What the user of a child keeps off. */
export function userWall(isSandboxed: boolean, { user, unreadable }: UnprivilegedUser): Wall {
  if (isSandboxed) return { id: 'user', stands: true, what: 'a user namespace of its own, without capabilities' }
  if (user !== undefined) return { id: 'user', stands: true, what: 'a user of its own that owns nothing' }
  const isRoot = process.getuid?.() === 0
  return {
    id: 'user', stands: false,
    what: isRoot ? `it runs as root, like the platform: another user may not read ${unreadable ?? 'what it needs'}` : 'it runs as the user of the platform, and is kept from its processes and files by Node alone: without bubblewrap only root can give it another',
    fix: isRoot ? `Run the platform as a user of its own, and install bubblewrap.${unreadable === undefined ? '' : ` Or let everybody read ${unreadable} and enter the folders above it.`}` : 'Install bubblewrap.',
  }
}

async function canEverybodyReach(folder: string): Promise<boolean> {
  const { mode } = await lstat(folder)
  if ((mode & MAY_ENTER) === 0) return false
  return dirname(folder) === folder || canEverybodyReach(dirname(folder))
}

async function canEverybodyRead(path: string): Promise<boolean> {
  const about = await lstat(path)
  if (about.isSymbolicLink()) return true
  if ((about.mode & MAY_READ) === 0) return false
  if (!about.isDirectory()) return true
  if ((about.mode & MAY_ENTER) === 0) return false
  for (const name of await readdir(path)) if (!await canEverybodyRead(join(path, name))) return false
  return true
}
