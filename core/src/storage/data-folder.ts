import { existsSync } from 'node:fs'
import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'

/**
 * Makes the data folder where it is missing, and refuses one that cannot hold data, before anything is opened in it.
 * @throws PlatformError `CONFIG_INVALID` naming the variable, the folder and what is wrong with it; `DATA_FOLDER_TAKEN`
 */
export async function requireWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new PlatformError('CONFIG_INVALID', `LIBERACCES_DATA: ${folder} cannot hold data: ${reasonOf(cause as NodeJS.ErrnoException)}.`, {
      fix: 'Give a folder that this user may write to, or give this one to the user.', cause,
    })
  }
  if (existsSync(join(folder, RESTORING_FILE))) {
    throw new PlatformError('DATA_FOLDER_TAKEN', `${folder} holds a restore that was cut short, and no complete data.`, { fix: 'Run `liberacces restore DIR` again: it begins anew.' })
  }
}

/** The file that says of a data folder that a backup is being brought back into it. */
export const RESTORING_FILE = 'restoring.json'

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM': return 'this user may not write there'
    case 'EROFS': return 'it is on a disk that can only be read'
    case 'ENOSPC': return 'the disk is full'
    case 'EEXIST':
    case 'ENOTDIR': return 'a file stands in its place'
    default: return message
  }
}
