import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql, type Kysely } from 'kysely'

/**
 * Gives back what only the start needed: rows of tens of thousands of tenants, and the pages that they were read from. Left alone, the heap
 * keeps that room until there is much to do.
 */
export async function settleMemory(platform: Kysely<never>): Promise<void> {
  await sql`pragma shrink_memory`.execute(platform)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options?: { readonly type: 'major'; readonly execution: 'sync' }) => void
  setFlagsFromString('--no-expose-gc')
  collect()
}
