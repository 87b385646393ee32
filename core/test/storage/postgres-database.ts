import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { postgresDatabase } from '../../src/testing/test-database.ts'
import type { Outside } from '../../src/outside.ts'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'
import { createPostgresStorage, type PostgresStorageOptions } from '../../src/storage/postgres/postgres-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { FakeOutside, temporaryFolder } from './temporary-storage.ts'

/** A database of this test alone. @param options - `empty`: as before a platform's first start */
export async function databaseOfTest(options: { readonly empty?: boolean } = {}): Promise<string> {
  const database = await postgresDatabase(options)
  onTestFinished(() => database.drop())
  return database.url
}

/** A storage on a database of this test alone, or on one that is given. */
export async function postgresStorage({ url, secret = randomBytes(32), outside = new FakeOutside(), ...rest }: { url?: string; secret?: Uint8Array; outside?: Outside } & Partial<Omit<PostgresStorageOptions, 'address' | 'folder'>> = {}): Promise<Storage> {
  const storage = await createPostgresStorage({ address: parseDatabaseUrl(url ?? await databaseOfTest()), folder: temporaryFolder(), secret, outside, ...rest })
  onTestFinished(() => storage.close())
  return storage
}
