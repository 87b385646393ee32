import type { StoreKey } from '../storage.ts'

// What can name a store can name a folder, and no folder above; nothing begins with a dot, as what a driver keeps for itself does.
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const SHA256 = /^[0-9a-f]{64}$/

/** Whether a name can be that of a tenant or plugin. */
export function isSegment(name: string): boolean {
  return SEGMENT.test(name)
}

/** Whether a text is a SHA-256, lower-case hexadecimal. */
export function isSha256(text: string): boolean {
  return SHA256.test(text)
}

/** `<tenant>`. Throws for what is no id: nothing else ever becomes part of a path or key. */
export function tenantPath(tenantId: string): string {
  if (!isSegment(tenantId)) throw new Error(`"${tenantId}" is no tenant id.`)
  return tenantId
}

/** `<tenant>/<plugin>`. Throws for what is no id. */
export function storePath({ tenantId, pluginId }: StoreKey): string {
  if (!isSegment(pluginId)) throw new Error(`"${pluginId}" is no plugin id.`)
  return `${tenantPath(tenantId)}/${pluginId}`
}

/** `<first two of sha256>/<sha256>`. Throws for what is no hash. */
export function hashPath(sha256: string): string {
  if (!isSha256(sha256)) throw new Error('This is no SHA-256.')
  return `${sha256.slice(0, 2)}/${sha256}`
}

/** `<tenant>/<plugin>/<first two of sha256>/<sha256>`: where bytes lie, on a disk as in a bucket. */
export function blobPath(key: StoreKey, sha256: string): string {
  return `${storePath(key)}/${hashPath(sha256)}`
}
