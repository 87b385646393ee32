import type { Context, MigrationTables } from '@liberacces/sdk'
import type { Kysely } from 'kysely'
import type { Target } from './protocol.ts'

/** Where calls of a plugin go. */
export interface PluginRunner {
  call(target: Target, input: unknown, grant: { readonly c: Context } | { readonly db: Kysely<MigrationTables> }): Promise<unknown>
}
