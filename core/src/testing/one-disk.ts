import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Has nodes of one machine keep files on the same disk: nodes that each have one of their own do not start together.
 * @param dataFolder - of a node that has not been started yet
 * @param shared - where the files of all of them lie; made where it is not there
 */
export function shareDisk(dataFolder: string, shared: string): void {
  mkdirSync(shared, { recursive: true, mode: 0o700 })
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  try {
    symlinkSync(shared, join(dataFolder, 'files'))
  } catch (error) {
    // It was started before.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
