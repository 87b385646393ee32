import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { forgetMoved } from '../storage/moved-file.ts'

/** Deletes the SQLite files of a data folder whose data lies in another database now. */
export async function removeDatabases(dataFolder: string): Promise<void> {
  for (const name of ['platform.sqlite', 'platform.sqlite-wal', 'platform.sqlite-shm', 'tenants']) await rm(join(dataFolder, name), { recursive: true, force: true })
  forgetMoved(dataFolder)
}
