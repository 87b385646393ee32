import { PostgresAdapter, type Kysely } from 'kysely'

/** Which database's words a query builder speaks. */
export function dialectOf(db: Pick<Kysely<never>, 'getExecutor'>): 'sqlite' | 'postgres' {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}
