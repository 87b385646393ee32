import { existsSync, readFileSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import { syncFolder } from './sync-folder.ts'
import { writeDurably } from './write-durably.ts'

/** The file that says of a data folder that what its databases hold has been moved. */
const MOVED_FILE = 'moved.json'

/** @param to - for people, without a password */
export async function writeMoved(folder: string, to: string, now: number): Promise<void> {
  const path = join(folder, MOVED_FILE)
  rmSync(`${path}.part`, { force: true })
  await writeDurably(`${path}.part`, `${JSON.stringify({ to, at: new Date(now).toISOString() }, null, 2)}\n`)
  await rename(`${path}.part`, path)
  await syncFolder(folder)
}

/**
 * Nobody goes on by mistake with data that has been moved.
 * @throws PlatformError `CONFIG_INVALID`
 */
export function refuseMoved(folder: string): void {
  const path = join(folder, MOVED_FILE)
  if (!existsSync(path)) return
  const { to = 'another database', at = 'some time ago' } = JSON.parse(readFileSync(path, 'utf8')) as { readonly to?: string; readonly at?: string }
  throw new PlatformError('CONFIG_INVALID', `LIBERACCES_DATABASE_URL: it is empty, and the data of ${folder} was moved to ${to} (${at}).`, {
    fix: `Name that database. To go on with the data of then instead, which knows nothing of what came since, delete ${path}.`,
  })
}

/** What was moved away has come back. */
export function forgetMoved(folder: string): void {
  rmSync(join(folder, MOVED_FILE), { force: true })
}
