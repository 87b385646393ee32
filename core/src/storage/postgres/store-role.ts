import { createHmac, createHash, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { StoreKey } from '../storage.ts'
import type { Login } from './connection.ts'

/** What a store is called in the database. */
export interface StoreNames {
  /** Schema of the plugin's own tables. */
  readonly own: string
  /** Schema of the kernel's tables and functions of the store. */
  readonly kernel: string
  /** Role that the plugin's statements run as. */
  readonly role: string
}

/**
 * Names that say nothing: everybody on a database may read the names of schemas and roles, and must not learn from them which tenant uses what.
 * @param platform - tells the platforms of one server apart: roles belong to all its databases
 */
export function storeNames(secret: Uint8Array, platform: string, { tenantId, pluginId }: StoreKey): StoreNames {
  const mark = createHmac('sha256', secret).update(`names\0${platform}\0${tenantId}\0${pluginId}`).digest('hex').slice(0, 24)
  return namesOf(platform, mark)
}

/** Names of a store by its mark, which is kept in the database: another secret must not lose it. */
export function namesOf(platform: string, mark: string): StoreNames {
  return { own: `p_${mark}`, kernel: `k_${mark}`, role: `la_${platform}_${mark}` }
}

/** Names of the store that a role belongs to; `undefined` for another role. */
export function namesOfRole(platform: string, role: string): StoreNames | undefined {
  const start = `la_${platform}_`
  return role.startsWith(start) ? namesOf(platform, role.slice(start.length)) : undefined
}

/** What lets in as a store's role: never written down, made from the server's secret each time. */
export function storeLogin(secret: Uint8Array, { role }: StoreNames): Login {
  return { user: role, password: createHmac('sha256', secret).update(`password\0${role}`).digest('base64url') }
}

/**
 * What the database keeps to check a password with (RFC 5803, as PostgreSQL writes it), so that the password itself is in no statement and no
 * log. One round: the password is 256 bits of chance, which nobody guesses, and a connection opens several milliseconds sooner.
 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(16)): string {
  const rounds = 1
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256')
  const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest()
  return `SCRAM-SHA-256$${rounds}:${Buffer.from(salt).toString('base64')}$${storedKey.toString('base64')}:${hmac(salted, 'Server Key').toString('base64')}`
}

/** What lets the kernel change a store's tables as the store's role. Never written down either; the database keeps its digest. */
export function migrationKey(secret: Uint8Array, { role }: StoreNames): string {
  return createHmac('sha256', secret).update(`tables\0${role}`).digest('base64url')
}
