import { Type, type Static } from '@sinclair/typebox'

export const BACKUP_FORMAT = 'liberacces-backup'
export const BACKUP_VERSION = 1
/** The file whose presence makes a folder a backup: written last. */
export const BACKUP_FILE = 'backup.json'
export const INDEX_FILE = 'index.jsonl'

/** Folders beside the databases and files of tenants that are copied as they are: what is in them never changes. */
export const LASTING_FOLDERS = ['releases', 'snapshots', 'archives'] as const

const Whole = Type.Integer({ minimum: 0 })
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** `backup.json`. */
export const BackupManifest = Type.Object({
  format: Type.Literal(BACKUP_FORMAT),
  formatVersion: Type.Integer(),
  platformVersion: Type.String(),
  platformSchema: Whole,
  /** What was acknowledged before this is in the backup. ISO 8601. */
  startedAt: Type.String(),
  finishedAt: Type.String(),
  tenants: Whole,
  index: Type.Object({ sha256: Sha256, size: Whole, entries: Whole, bytes: Whole }),
})
/** See {@link BackupManifest}. */
export type BackupManifest = Static<typeof BackupManifest>

/** A line of `index.jsonl`: a file of the backup, which has the same place in a data folder. */
export const BackupLine = Type.Object({ path: Type.String({ maxLength: 1_000 }), size: Whole, sha256: Sha256 })
/** See {@link BackupLine}. */
export type BackupLine = Static<typeof BackupLine>

const SEGMENT = /^(?!\.\.?$)[A-Za-z0-9@._+-]{1,200}$/
const TOP: ReadonlySet<string> = new Set(['platform.sqlite', 'tenants', 'files', ...LASTING_FOLDERS])

/** Whether a path is one that a backup has: nothing else ever becomes part of a path on disk. */
export function isBackupPath(path: string): boolean {
  const segments = path.split('/')
  return TOP.has(segments[0] ?? '') && segments.every((segment) => SEGMENT.test(segment))
}
