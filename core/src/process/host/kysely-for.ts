import type { KyselyOn } from '../../storage/direct-kysely.ts'
import { kyselyOnPostgres } from '../../storage/postgres/kysely-on-postgres.ts'
import { kyselyOn } from '../../storage/sqlite/kysely-on-sqlite.ts'
import type { Hello } from '../protocol.ts'

/** Kysely in the words of the platform's database. Both are here: what is read only when it is needed takes all of Kysely along, used or not. */
export function kyselyFor(dialect: Hello['dialect']): KyselyOn {
  return dialect === 'postgres' ? kyselyOnPostgres : kyselyOn
}
