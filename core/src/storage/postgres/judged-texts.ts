import type { GuardMode } from '../sqlite/statement-guard.ts'
import { judgePostgres, type JudgedPostgres } from './postgres-guard.ts'

/** Texts kept per generation; at most twice as many are known. */
const GENERATION = 1_000
/** Longer texts are judged each time: they are rare, and would take the memory. */
const LONGEST_KEPT = 4_000

/** Judges statements by their text, and remembers. */
export class JudgedTexts {
  readonly #mode: GuardMode
  #young = new Map<string, JudgedPostgres>()
  #old = new Map<string, JudgedPostgres>()

  constructor(mode: GuardMode) {
    this.#mode = mode
  }

  of(sql: string): JudgedPostgres {
    const known = this.#young.get(sql)
    if (known !== undefined) return known
    const judged = this.#old.get(sql) ?? judgePostgres(sql, this.#mode)
    if (sql.length > LONGEST_KEPT) return judged
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(sql, judged)
    return judged
  }
}
