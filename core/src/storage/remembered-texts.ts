/** Texts kept per generation; at most twice as many are known. */
const GENERATION = 1_000
/** Longer texts are judged each time: they are rare, and would take the memory. */
const LONGEST_KEPT = 4_000

/**
 * Judges statements by their text, and remembers. What is opened for one request would otherwise have the same few statements taken apart again,
 * as often as there are tenants.
 */
export class RememberedTexts<Judgement> {
  readonly #judge: (sql: string) => Judgement
  #young = new Map<string, Judgement>()
  #old = new Map<string, Judgement>()

  constructor(judge: (sql: string) => Judgement) {
    this.#judge = judge
  }

  of(sql: string): Judgement {
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
}
