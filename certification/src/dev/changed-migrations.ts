import type { Plugin } from '@liberacces/sdk'

interface OneMigration {
  readonly up: unknown
  readonly down?: unknown
}

/**
 * What the author must know of migrations that ran already: they do not run again. Compares their code.
 * @param before - what served before, whose migrations have run; nothing is said without it
 */
export function changedMigrations(before: Plugin | undefined, now: Plugin): readonly string[] {
  const had = (before?.migrations ?? {}) as Readonly<Record<string, OneMigration>>
  const has = (now.migrations ?? {}) as Readonly<Record<string, OneMigration>>
  return Object.entries(had).flatMap(([name, migration]) => {
    const same = has[name]
    if (same === undefined) return [`Migration ${name} has run and is gone from the sources: its tables are still there. Start again with --fresh for tables as the sources make them.`]
    if (String(same.up) === String(migration.up)) return []
    return [`Migration ${name} has run and has changed since: it does not run again. Add another migration, or start again with --fresh while nobody else has it.`]
  })
}
