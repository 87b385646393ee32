import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Longest path that every system takes for a Unix socket, in bytes (macOS: 104 with the closing zero). */
const LONGEST_PATH = 100
const OWN_FOLDER = 'liberacces-'

const recordOf = (dataFolder: string): string => join(dataFolder, 'control.json')
const nearby = (dataFolder: string): string => join(dataFolder, 'control.sock')

/** Where the server of a data folder listens for commands, whether or not one does. */
export function findControlAddress(dataFolder: string): string {
  try {
    const { socket } = JSON.parse(readFileSync(recordOf(dataFolder), 'utf8')) as { readonly socket?: unknown }
    if (typeof socket === 'string' && isOurs(dirname(socket))) return socket
  } catch {
    // No record: the socket stands in the data folder itself.
  }
  return nearby(dataFolder)
}

/**
 * Chooses where to listen, and clears away what a killed server left there. Only the holder of the data folder may call this.
 * @param near - in the data folder, unless its path is too long or its file system knows no sockets
 */
export function claimControlAddress(dataFolder: string, near = Buffer.byteLength(nearby(dataFolder)) <= LONGEST_PATH): { readonly path: string; release(): void } {
  releaseControlAddress(dataFolder)
  if (near) return { path: nearby(dataFolder), release: () => { releaseControlAddress(dataFolder) } }
  // A folder of our own (mode 0700) with a name that nobody could take before us.
  const path = join(mkdtempSync(join(tmpdir(), OWN_FOLDER)), 'control.sock')
  writeFileSync(recordOf(dataFolder), `${JSON.stringify({ socket: path })}\n`, { mode: 0o600 })
  return { path, release: () => { releaseControlAddress(dataFolder) } }
}

function releaseControlAddress(dataFolder: string): void {
  const path = findControlAddress(dataFolder)
  rmSync(path, { force: true })
  if (path !== nearby(dataFolder) && dirname(path).startsWith(join(tmpdir(), OWN_FOLDER))) rmSync(dirname(path), { force: true, recursive: true })
  rmSync(recordOf(dataFolder), { force: true })
  rmSync(nearby(dataFolder), { force: true })
}

/** Whether a folder belongs to this user or to root: after a crash anyone could have made it anew under the recorded name. */
function isOurs(folder: string): boolean {
  const owner = statSync(folder).uid
  return owner === 0 || owner === process.getuid?.()
}
