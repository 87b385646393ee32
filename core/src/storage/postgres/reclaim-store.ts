import type { ConnectionPool } from './connection-pool.ts'
import type { Login } from './connection.ts'
import type { StoreNames } from './store-role.ts'

/** Longest that reclaiming may take, in milliseconds: somebody waits for it. What is not done then PostgreSQL does by itself, later. */
const MOST_MS = 5_000
const TABLES = `select string_agg(format('%I.%I', n.nspname, c.relname), ', ') as tables from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`

/**
 * Makes the place of rows that nobody can see any more writable again. As the store's role, whose tables they are; autovacuum comes only once a
 * good part of a table has changed, and so never where a few large rows were deleted.
 * @param shrinks - also gives back what is empty at the end of the files
 */
export async function reclaimStore(pool: ConnectionPool, login: Login, { own }: StoreNames, shrinks: boolean): Promise<void> {
  const lease = await pool.hold(login, { isNested: true })
  try {
    const { connection } = lease
    const [row] = (await connection.run({ sql: TABLES, values: [own] })).rows as readonly { readonly tables: string | null }[]
    if (row === undefined || row.tables === null) return
    await connection.script(`set statement_timeout = ${MOST_MS}`)
    try {
      // By itself: it may not be part of a script. Who changes a table just now is not waited for.
      await connection.script(`vacuum (skip_locked, truncate ${String(shrinks)}) ${row.tables}`)
    } finally {
      await connection.script('reset statement_timeout')
    }
  } finally {
    lease.release(lease.connection.isBroken)
  }
}
