import { Type, type Static } from '@sinclair/typebox'

/** What `archive.json` calls itself. A reader that does not know the number refuses. */
export const ARCHIVE_FORMAT = 'liberacces-plugin-archive/1'
export const DATABASE_FILE = 'store.sqlite'
export const FILES_FOLDER = 'files'
export const KERNEL_FILE = 'kernel.json'
export const MANIFEST_FILE = 'plugin.json'
/** Written last: a folder without it is no archive. */
export const INDEX_FILE = 'archive.json'

const Part = Type.Object({ bytes: Type.Integer({ minimum: 0 }), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, { additionalProperties: false })

/** `archive.json`: what an archive holds, and how to know that it is whole. */
export const ArchiveIndexSchema = Type.Object({
  format: Type.Literal(ARCHIVE_FORMAT),
  id: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
  /** ISO 8601, UTC. */
  takenAt: Type.String(),
  by: Type.String(),
  tenant: Type.Object({ id: Type.String(), slug: Type.String(), name: Type.String() }, { additionalProperties: false }),
  plugin: Type.Object({ id: Type.String(), version: Type.String(), digest: Type.Optional(Type.String()) }, { additionalProperties: false }),
  /** Left out where the plugin had stored nothing. */
  database: Type.Optional(Type.Composite([Part, Type.Object({ rows: Type.Record(Type.String(), Type.Integer()) })], { additionalProperties: false })),
  /** Bytes of files, by their SHA-256. Names and types are in the database, table `liberacces_file`. */
  files: Type.Array(Part),
  kernel: Part,
  /** Left out where the manifest was not to be had. */
  manifest: Type.Optional(Part),
}, { additionalProperties: false })

/** See {@link ArchiveIndexSchema}. */
export type ArchiveIndex = Static<typeof ArchiveIndexSchema>
