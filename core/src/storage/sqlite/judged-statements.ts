import type { Written } from '../changes.ts'
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

/** Texts kept per generation; at most twice as many are known. */
const GENERATION = 1_000
/** Longer texts are judged each time: they are rare, and would take the memory. */
const LONGEST_KEPT = 4_000

/**
 * Judges statements by their text, and remembers. A file that is opened for one request would otherwise have the same few
 * statements taken apart again, as often as there are tenants.
 */
export class JudgedStatements {
  readonly #mode: GuardMode
  #young = new Map<string, JudgedStatement>()
  #old = new Map<string, JudgedStatement>()

  constructor(mode: GuardMode) {
    this.#mode = mode
  }

  of(sql: string): JudgedStatement {
    const known = this.#young.get(sql)
    if (known !== undefined) return known
    const judged = this.#old.get(sql) ?? this.#judge(sql)
    if (sql.length > LONGEST_KEPT) return judged
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(sql, judged)
    return judged
  }

  #judge(sql: string): JudgedStatement {
    const tokens = tokenize(sql) ?? []
    const verb = mainVerb(tokens)
    return Object.freeze({ refusal: reasonToRefuse(sql, this.#mode), inserts: verb === 'insert' || verb === 'replace', written: writtenTable(tokens) })
  }
}
