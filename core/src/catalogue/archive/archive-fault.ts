import { PlatformError, type ErrorDetails } from '../../errors.ts'

/** Something that keeps an archive from being taken in, for whoever packed it. */
export function archiveFault(message: string, fix: string, more: Omit<ErrorDetails, 'fix'> = {}): PlatformError {
  return new PlatformError('ARCHIVE_INVALID', message, { ...more, fix })
}
