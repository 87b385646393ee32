import type { Written } from '../changes.ts'
import type { Token } from '../sql-token.ts'

/** What a statement writes to, where one table is all of it and that can be told at a glance. */
export function writtenTable(tokens: readonly Token[]): Written | undefined {
  const [verb, second] = tokens.slice(0, 2).map(({ text }) => text)
  const at = (verb === 'insert' && second === 'into') || (verb === 'delete' && second === 'from') ? 2 : verb === 'update' ? 1 : undefined
  const table = at === undefined ? undefined : tokens[at]?.text
  // `insert or replace …` deletes, too; it is not looked into. In `update or …` the word "or" stands where the table would: nobody asks for it.
  return at === undefined || table === undefined || tokens[at + 1]?.text === '.' ? undefined : { table, deletes: verb === 'delete' }
}
