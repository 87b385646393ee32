import { PlatformError } from '../errors.ts'

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])
const UNWRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_IOERR'])

/** What a failure of the disk means to whoever asked for a copy; any other failure as it is. */
export function diskError(error: unknown, what: string): unknown {
  if (error instanceof PlatformError || !(error instanceof Error)) return error
  const { code = '' } = error as NodeJS.ErrnoException
  if (FULL.has(code)) return new PlatformError('DISK_SPACE_LOW', `${what} could not be written: the disk is full.`, { cause: error, fix: 'Make room on the disk of the data folder, and try again.' })
  if (UNWRITABLE.has(code)) return new PlatformError('DISK_UNWRITABLE', `${what} could not be written: ${error.message}`, { cause: error, fix: 'Let the user that runs the platform write to its data folder, and try again.' })
  return error
}
