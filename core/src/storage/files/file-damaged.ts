import { PlatformError } from '../../errors.ts'
import type { StoreKey } from '../storage.ts'

/** Stored bytes are not there, or not those that were stored. */
export function fileDamaged({ tenantId, pluginId }: StoreKey, sha256: string, why: string, cause?: unknown): PlatformError {
  return new PlatformError('FILE_DAMAGED', `The bytes of the file ${sha256} of "${pluginId}" at tenant ${tenantId} are damaged: ${why}.`, {
    fix: 'Put the file back from a backup, into the same place.', ...(cause === undefined ? {} : { cause }),
  })
}
