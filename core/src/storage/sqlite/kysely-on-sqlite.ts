import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, ValueNode, type LimitNode } from 'kysely'
import { directKysely, type KyselyOn } from '../direct-kysely.ts'

/** SQLite prepares a statement anew for each run when a bound value could change its plan; a bound LIMIT is one. */
class LiteralLimitCompiler extends SqliteQueryCompiler {
  // Asked for every name of every statement; one with a quotation mark in it is rare.
  protected override sanitizeIdentifier(identifier: string): string {
    return identifier.includes('"') ? super.sanitizeIdentifier(identifier) : identifier
  }

  protected override visitLimit(node: LimitNode): void {
    const { limit } = node
    const value = ValueNode.is(limit) ? limit.value : undefined
    if (typeof value === 'number' && Number.isSafeInteger(value)) this.append(`limit ${value}`)
    else super.visitLimit(node)
  }
}

/** Kysely in SQLite's words, over a function that runs statements. */
export const kyselyOn: KyselyOn = directKysely({ adapter: new SqliteAdapter(), compiler: new LiteralLimitCompiler(), introspector: (db) => new SqliteIntrospector(db) })
