import { sql, type RawBuilder } from 'kysely'

/**
 * A condition: one of the columns contains the text as it is, `%` and `_` standing for themselves. Capitals and small letters
 * are the same where they are ASCII.
 */
export function containsText(columns: readonly string[], text: string): RawBuilder<boolean> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (special) => `\\${special}`)}%`
  return sql<boolean>`(${sql.join(columns.map((column) => sql`${sql.ref(column)} like ${pattern} escape '\\'`), sql` or `)})`
}
