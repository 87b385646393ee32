import type { ApiToken } from '../identity/api-tokens.ts'
import type { TokenItem } from '../pages/token-list.tsx'

/** A token as pages show it. */
export function tokenItem({ id, label, createdAt, expiresAt }: ApiToken): TokenItem {
  return { id, label, createdAt: new Date(createdAt).toISOString(), ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }) }
}
