import type { StoreKey } from '../storage.ts'
import { blobPath, isSegment, isSha256 } from './blob-path.ts'

/** Bytes whose place and row are being brought into agreement. */
export interface Intent {
  readonly key: StoreKey
  readonly sha256: string
}

const SEPARATOR = '~'
const ENDING = '.intent'

/** The name under which it is noted what is about to be placed or removed. */
export function intentName({ key, sha256 }: Intent, id: string): string {
  // Throws for what is no store or hash.
  blobPath(key, sha256)
  return `${[key.tenantId, key.pluginId, sha256, id].join(SEPARATOR)}${ENDING}`
}

/** The reverse of {@link intentName}; `undefined` for a name that is none of ours. */
export function parseIntent(name: string): Intent | undefined {
  const [tenantId = '', pluginId = '', sha256 = '', rest] = name.split(SEPARATOR)
  if (!name.endsWith(ENDING) || rest === undefined || !isSegment(tenantId) || !isSegment(pluginId) || !isSha256(sha256)) return undefined
  return { key: { tenantId, pluginId }, sha256 }
}

/** How long ago a note was made whose id is a UUID of version 7, in milliseconds; endless for any other. */
export function intentAgeMs(name: string, now: number): number {
  const id = name.split(SEPARATOR)[3]?.slice(0, -ENDING.length).replaceAll('-', '') ?? ''
  return /^[0-9a-f]{32}$/.test(id) ? now - Number.parseInt(id.slice(0, 12), 16) : Number.POSITIVE_INFINITY
}
