import type { Manifest } from '@liberacces/sdk/host'
import { PlatformError } from '../errors.ts'
import { Description } from '../process/description.ts'
import { restorePlugin, type Forward, type RestoredPlugin } from '../process/restore-plugin.ts'
import type { ReleaseProcess } from '../runtime/release.ts'
import { misfit } from '../validation.ts'
import { DESCRIPTION_FILE } from './archive/check-archive.ts'

/** Where a release answers that runs elsewhere. */
export interface Elsewhere {
  readonly forward: Forward
  /** What operators see of it. */
  readonly process?: ReleaseProcess
}

/** Finds where a release answers that runs elsewhere. */
export type Connect = (manifest: Pick<Manifest, 'id' | 'version'>) => Elsewhere

/** For looking at a release that nobody calls. */
export const NOBODY_CALLED: Elsewhere = { forward: { call: refuse, endpoint: refuse, migrate: refuse, work: refuse } }

/** A release whose functions are elsewhere. */
export interface DescribedRelease extends RestoredPlugin {
  readonly process?: ReleaseProcess
}

/**
 * A release that has no code here, from the archive of what it said of itself.
 * @throws PlatformError `ARCHIVE_INVALID`
 */
export function describedRelease(files: ReadonlyMap<string, Uint8Array>, { forward, process }: Elsewhere): DescribedRelease {
  try {
    const description: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(files.get(DESCRIPTION_FILE)))
    const wrong = misfit(Description, description)
    if (wrong !== undefined) throw new TypeError(wrong)
    return { ...restorePlugin(description as Description, forward), ...(process === undefined ? {} : { process }) }
  } catch (cause) {
    throw new PlatformError('ARCHIVE_INVALID', `${DESCRIPTION_FILE} describes no application: ${cause instanceof Error ? cause.message : String(cause)}.`, { fix: 'Add the application again: `liberacces plugin add-remote URL`.', cause })
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('This release was only looked at.'))
}
