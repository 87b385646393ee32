import { Type, type Static } from '@sinclair/typebox'

/** Version of the format. A reader takes this one; what it adds later without harm to old readers does not change it. */
export const FORMAT_VERSION = 1
export const FORMAT = 'liberacces-tenant'
/** Largest manifest that is read, in bytes. */
export const MANIFEST_LIMIT = 4 * 1024 * 1024
/** Longest line of a table that is read, in bytes. */
export const LINE_LIMIT = 16 * 1024 * 1024

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Whole = Type.Integer({ minimum: 0 })
/** What tenants and plugins are called, as part of a pattern. */
export const ID = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}'
const Id = Type.String({ pattern: `^${ID}$` })

/** A plugin as the tenant ran it. */
export const LockedPlugin = Type.Object({
  id: Id,
  version: Type.String({ maxLength: 100 }),
  state: Type.String({ maxLength: 40 }),
  /** `sha256-<base64>` of the release's archive, where it came from one. */
  digest: Type.Optional(Type.String({ maxLength: 200 })),
  /** What was agreed to, and refused. */
  scopes: Type.Array(Type.String()),
  refused: Type.Array(Type.String()),
})
/** See {@link LockedPlugin}. */
export type LockedPlugin = Static<typeof LockedPlugin>

/** `manifest.json`, the first entry of an archive. */
export const ArchiveManifest = Type.Object({
  format: Type.Literal(FORMAT),
  formatVersion: Type.Integer(),
  platformVersion: Type.String({ maxLength: 100 }),
  /** Steps of the kernel's tables and of those in each store, as the platform had them. */
  platformSchema: Whole,
  storeSchema: Whole,
  exportedAt: Type.String({ maxLength: 40 }),
  tenant: Type.Object({
    id: Id,
    slug: Type.String({ maxLength: 100 }),
    name: Type.String({ maxLength: 200 }),
    kind: Type.Union([Type.Literal('epci'), Type.Literal('commune'), Type.Literal('satellite')]),
    parent: Type.Optional(Type.String({ maxLength: 100 })),
    siren: Type.Optional(Type.String({ maxLength: 20 })),
    insee: Type.Optional(Type.String({ maxLength: 20 })),
    population: Type.Optional(Whole),
    hosts: Type.Array(Type.String({ maxLength: 253 }), { maxItems: 1_000 }),
  }),
  /** Whether accounts have their password hashes. */
  passwords: Type.Boolean(),
  /** Those that others need before them. */
  plugins: Type.Array(LockedPlugin, { maxItems: 10_000 }),
  /** The second entry, `index.jsonl`, which names all that follow. */
  index: Type.Object({ sha256: Sha256, size: Whole, entries: Whole, bytes: Whole }),
})
/** See {@link ArchiveManifest}. */
export type ArchiveManifest = Static<typeof ArchiveManifest>

/** A line of `index.jsonl`: an entry, in the order of the archive. */
export const IndexLine = Type.Object({ path: Type.String({ maxLength: 250 }), size: Whole, sha256: Sha256 })
/** See {@link IndexLine}. */
export type IndexLine = Static<typeof IndexLine>

/** What an entry is, as its path says. */
export type EntryKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'database'; readonly pluginId: string }
  | { readonly kind: 'file'; readonly pluginId: string; readonly sha256: string }

const TABLE = /^tables\/([a-z][a-z_]{0,60})\.jsonl$/
const DATABASE = new RegExp(`^databases/(${ID})\\.sqlite$`)
const FILE = new RegExp(`^files/(${ID})/([0-9a-f]{2})/(\\2[0-9a-f]{62})$`)
/** Entries for people. */
export const REGISTER_PATH = 'registre-article-30.md'
export const README_PATH = 'LISEZMOI.txt'

/** What an entry's path says; `undefined` for a path that no export has. Nothing else ever becomes part of a path on disk. */
export function entryKind(path: string): EntryKind | undefined {
  if (path === REGISTER_PATH || path === README_PATH) return { kind: 'text' }
  const table = TABLE.exec(path)?.[1]
  if (table !== undefined) return { kind: 'table', table }
  const pluginId = DATABASE.exec(path)?.[1]
  if (pluginId !== undefined) return { kind: 'database', pluginId }
  const [, owner, , sha256] = FILE.exec(path) ?? []
  return owner === undefined || sha256 === undefined ? undefined : { kind: 'file', pluginId: owner, sha256 }
}
