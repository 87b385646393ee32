import type { StoreKey } from './storage.ts'

/** A store's name in messages and maps. */
export function storeName(key: StoreKey): string {
  return `${key.tenantId}/${key.pluginId}`
}
