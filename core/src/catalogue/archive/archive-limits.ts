/** What an archive may cost whoever reads it. */
export interface ArchiveLimits {
  /** Largest archive as it comes, in bytes. @defaultValue 33 554 432 (32 MiB) */
  readonly archiveBytes: number
  /** Largest sum of all that is in it, in bytes. @defaultValue 134 217 728 (128 MiB) */
  readonly unpackedBytes: number
  /** How many times larger than the archive what is in it may be. Reached only by what was made to do harm. @defaultValue 100 */
  readonly ratio: number
  /** Files and folders together. @defaultValue 2 000 */
  readonly entries: number
}

/** See {@link ArchiveLimits}. */
export const ARCHIVE_LIMITS: ArchiveLimits = { archiveBytes: 33_554_432, unpackedBytes: 134_217_728, ratio: 100, entries: 2_000 }
