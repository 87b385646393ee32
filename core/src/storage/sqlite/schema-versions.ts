import type { Database } from 'better-sqlite3'

/**
 * Brings the kernel's own tables of a file up to date. A version is the number of steps that were run; it stands in the file
 * itself (`user_version`), so that it is true whatever happened to the process. Steps once released are never changed.
 */
export function applySchema(database: Database, steps: readonly string[]): void {
  const version = (): number => Number(database.pragma('user_version', { simple: true }))
  if (version() >= steps.length) return
  // Unchecked meanwhile, as SQLite advises for a step that makes a table anew: dropping the old one would delete what refers to it.
  database.pragma('foreign_keys = OFF')
  try {
    database.transaction(() => {
      // Asked again inside: another process may have been first.
      for (let next = version(); next < steps.length; next += 1) database.exec(steps[next] ?? '')
      const orphans = database.pragma('foreign_key_check') as readonly { readonly table: string }[]
      if (orphans[0] !== undefined) throw new Error(`Rows of "${orphans[0].table}" refer to rows that are gone.`)
      database.pragma(`user_version = ${steps.length}`)
    }).immediate()
  } finally {
    database.pragma('foreign_keys = ON')
  }
}
