import type { KyselyOn } from '../../storage/direct-kysely.ts'
import type { Hello } from '../protocol.ts'

/** Kysely in the words of the platform's database. The other one's are not read. */
export async function kyselyFor(dialect: Hello['dialect']): Promise<KyselyOn> {
  return dialect === 'postgres' ? (await import('../../storage/postgres/kysely-on-postgres.ts')).kyselyOnPostgres : (await import('../../storage/sqlite/kysely-on-sqlite.ts')).kyselyOn
}
