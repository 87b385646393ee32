import { access, constants, mkdir } from 'node:fs/promises'
import { PlatformError } from '../errors.ts'

/**
 * Makes the data folder where it is missing, and refuses one that cannot hold data, before anything is opened in it.
 * @throws PlatformError `CONFIG_INVALID` naming the variable, the folder and what is wrong with it
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
}

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
