import type { Written } from '../changes.ts'
import { RememberedTexts } from '../remembered-texts.ts'
import { mainVerb, reasonToRefuse, type GuardMode } from './statement-guard.ts'
import { tokenize } from './tokenizer.ts'
import { writtenTable } from './written-table.ts'

/** What is known of a statement from its text alone. */
export interface JudgedStatement {
  /** Why a plugin may not run it. */
  readonly refusal: string | undefined
  /** Whether it inserts rows, so that the id of the last one is an answer. */
  readonly inserts: boolean
  /** The one table that it writes to, where that is all. */
  readonly written: Written | undefined
}

/** Judges statements of plugins, or of their migrations, as SQLite would read them. */
export function judgedStatements(mode: GuardMode): RememberedTexts<JudgedStatement> {
  return new RememberedTexts((sql) => {
    const tokens = tokenize(sql) ?? []
    const verb = mainVerb(tokens)
    return Object.freeze({ refusal: reasonToRefuse(sql, mode), inserts: verb === 'insert' || verb === 'replace', written: writtenTable(tokens) })
  })
}
