import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { isProcessAlive } from '../process-alive.ts'

/** The process that serves a data folder. */
export interface Holder {
  readonly pid: number
}

/**
 * Who holds the lock of a data folder (`lockDataFolder`), without taking it: `undefined` when nobody does. A number that a
 * killed server left behind is told from a living holder by the lock itself, which ends with its process.
 */
export function holderOf(dataFolder: string): Holder | undefined {
  const pid = pidIn(join(dataFolder, 'server.pid'))
  return pid !== undefined && isProcessAlive(pid) && isLocked(join(dataFolder, 'server.lock')) ? { pid } : undefined
}

function pidIn(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim())
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function isLocked(path: string): boolean {
  let lock: Database.Database | undefined
  try {
    lock = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 })
    lock.prepare('select count(*) from sqlite_master').get()
    return false
  } catch (error) {
    return (error as { readonly code?: string }).code === 'SQLITE_BUSY'
  } finally {
    lock?.close()
  }
}
