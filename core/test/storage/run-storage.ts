import { onTestFinished } from 'vitest'
import type { Outside } from '../../src/outside.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { runEnvironment } from '../run-environment.ts'
import { FakeOutside, temporaryFolder } from './temporary-storage.ts'

/** One for all: what a test opens again must be let in. */
export const SECRET: Uint8Array = Buffer.alloc(32, 7)

/** A storage on the database that the run asks for. Opened again on the same folder it finds what the one before has written. */
export async function runStorage({ folder = temporaryFolder(), outside = new FakeOutside() }: { readonly folder?: string; readonly outside?: Outside } = {}): Promise<Storage> {
  const { LIBERACCES_DATABASE_URL: databaseUrl } = await runEnvironment(folder)
  const storage = await openStorage({ databaseUrl, secret: SECRET, folder, outside })
  onTestFinished(() => storage.close())
  return storage
}
