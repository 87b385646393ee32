import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { PlatformError } from '../errors.ts'

/**
 * Claims a data folder for the one process that serves it. The claim is a lock of the operating system on `server.lock`, so
 * it ends with the process however that ends; `server.pid` only names who holds it. The command line does not claim.
 * @returns gives the folder free; calling twice is harmless
 * @throws PlatformError `DATA_LOCKED`
 */
export function lockDataFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pidFile = join(folder, 'server.pid')
  // SQLite's file locks are the ones Node can take without an addon of our own.
  const lock = new Database(join(folder, 'server.lock'), { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (cause) {
    lock.close()
    throw new PlatformError('DATA_LOCKED', `The data folder ${folder} is in use by process ${holderOf(pidFile)}.`, {
      cause,
      fix: 'Stop that process, or set LIBERACCES_DATA to another folder.',
    })
  }
  writeFileSync(pidFile, `${process.pid}\n`)
  let held = true
  return () => {
    if (!held) return
    held = false
    rmSync(pidFile, { force: true })
    lock.close()
  }
}

function holderOf(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}
