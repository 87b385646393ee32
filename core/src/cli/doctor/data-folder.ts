import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '../../config.ts'
import { RESTORING_FILE } from '../../storage/data-folder.ts'
import { forwardCommand } from '../control/control-client.ts'
import { holderOf } from '../data-folder-holder.ts'
import type { Finding } from './finding.ts'

const MIB = 1024 * 1024
/** Below this a write-ahead log may not find room, in bytes. */
const TOO_LITTLE = 100 * MIB
/** Below this it is time to look, in bytes. */
const LITTLE = 1024 * MIB

/** The data folder: whether it can be written, room, who serves it, who may read its secrets. */
export async function examineFolder({ dataFolder, secretFile }: Config): Promise<readonly Finding[]> {
  const secret = secretFile ?? join(dataFolder, 'secret.key')
  return [examineAccess(dataFolder), examineRoom(dataFolder), await examineLock(dataFolder), ...examineSecrets(secret, join(dataFolder, 'demo-accounts.json'))]
}

function examineAccess(folder: string): Finding {
  const exists = existsSync(folder)
  const place = nearest(folder)
  try {
    accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK)
    if (!statSync(place).isDirectory()) return { id: 'data-folder', status: 'broken', what: `${place} is no folder`, fix: 'Name another with --data or LIBERACCES_DATA.' }
    if (existsSync(join(folder, RESTORING_FILE))) return { id: 'data-folder', status: 'broken', what: `${folder} holds a restore that was cut short`, fix: 'Run `liberacces restore DIR` again: it begins anew.' }
    return { id: 'data-folder', status: 'ok', what: exists ? `${folder} can be written` : `${folder} will be made at the first start` }
  } catch {
    return { id: 'data-folder', status: 'broken', what: `this user may not write to ${place}`, fix: 'Give the folder to the user that runs the server, or name another with --data or LIBERACCES_DATA.' }
  }
}

function examineRoom(folder: string): Finding {
  const { bavail, bsize } = statfsSync(nearest(folder))
  const free = bavail * bsize
  const what = `${Math.floor(free / MIB)} MiB free`
  if (free < TOO_LITTLE) return { id: 'free-space', status: 'broken', what, fix: 'Make room: without it nothing can be written.' }
  return free < LITTLE ? { id: 'free-space', status: 'hint', what, fix: 'Make room soon.' } : { id: 'free-space', status: 'ok', what }
}

async function examineLock(folder: string): Promise<Finding> {
  const holder = holderOf(folder)
  if (holder === undefined) return { id: 'lock', status: 'ok', what: 'no server runs on it' }
  const exit = await forwardCommand(folder, { argv: ['--version'] }, { out: () => undefined, err: () => undefined, folder, input: () => Promise.resolve('') }).catch(() => undefined)
  return exit === 0
    ? { id: 'lock', status: 'ok', what: `process ${holder.pid} serves it and takes commands` }
    : { id: 'lock', status: 'hint', what: `process ${holder.pid} holds it but takes no commands`, fix: 'It may be starting, or belong to another user; otherwise look at its log.' }
}

function examineSecrets(...paths: readonly string[]): readonly Finding[] {
  const [secret] = paths
  return paths.flatMap((path): readonly Finding[] => {
    const id = path === secret ? 'secret' : 'demo-accounts'
    if (!existsSync(path)) return path === secret ? [{ id, status: 'ok', what: 'will be made at the first start' }] : []
    const mode = statSync(path).mode & 0o777
    return (mode & 0o077) === 0
      ? [{ id, status: 'ok', what: `only its owner may read ${path}` }]
      : [{ id, status: 'broken', what: `others may read ${path} (mode ${mode.toString(8)})`, fix: `chmod 600 ${path}` }]
  })
}

/** The folder itself, or the one in which it would be made. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder))
}
