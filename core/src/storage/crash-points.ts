import type { MigrationTables } from '@liberacces/sdk'
import type { Kysely } from 'kysely'
import type { Outside } from '../outside.ts'

/** Passes the point `migration:statement` after each statement of a migration, within its transaction. Where nobody listens it is the same object. */
export function withCrashPoints(db: Kysely<MigrationTables>, { reached }: Pick<Outside, 'reached'>): Kysely<MigrationTables> {
  if (reached === undefined) return db
  return db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      await reached('migration:statement')
      return result
    },
  })
}
