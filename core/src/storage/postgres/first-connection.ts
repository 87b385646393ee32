import { PlatformError } from '../../errors.ts'
import { Connection, type Login } from './connection.ts'
import { explained, isAway, stateOf, unavailable } from './database-error.ts'
import type { DatabaseAddress } from './database-address.ts'
import { openPlatformDatabase, type PlatformDatabase } from './open-platform-database.ts'

const FIXES: Readonly<Record<string, string>> = {
  '28P01': 'Give the user and the password that the database knows.',
  '28000': 'Give a user that may come from this machine (pg_hba.conf).',
  '3D000': 'Make the database, with the user as its owner: `create database … owner … encoding UTF8 template template0`.',
}

/**
 * Comes to a database for the first time, and brings the kernel's tables in it up to date.
 * @throws PlatformError `DB_UNAVAILABLE`, `CONFIG_INVALID`
 */
export async function firstConnection(address: DatabaseAddress, login: Login): Promise<PlatformDatabase> {
  let connection: Connection
  try {
    connection = await Connection.open(address, login, () => undefined)
  } catch (error) {
    throw whyNot(error, address.name)
  }
  try {
    return await openPlatformDatabase(connection, address.name)
  } catch (error) {
    throw explained(error, 'the platform', address.name)
  } finally {
    await connection.close().catch(() => undefined) // what was learned from it is known
  }
}

function whyNot(error: unknown, where: string): unknown {
  const fix = FIXES[stateOf(error)]
  if (fix !== undefined) return new PlatformError('CONFIG_INVALID', `LIBERACCES_DATABASE_URL: ${where} lets nobody in so: ${error instanceof Error ? error.message : String(error)}.`, { cause: error, fix })
  return isAway(error) ? unavailable(where, error) : explained(error, 'the platform', where)
}
