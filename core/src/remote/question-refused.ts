import { PlatformError } from '../errors.ts'

/** The answer to an application that asks what it may not, `REMOTE_REFUSED`. */
export function questionRefused(what: string, fix: string): PlatformError {
  return new PlatformError('REMOTE_REFUSED', `What an application asked was refused: ${what}.`, { fix })
}
