import { createHash } from 'node:crypto'

/** Texts known per generation; at most twice as many. */
const GENERATION = 2_000

/**
 * Names under which statements are kept prepared: the same for the same text, on every connection. A text that comes for the first time has
 * none: most that come once never come again, as those of a list as long as its ids.
 */
export class StatementNames {
  #young = new Map<string, string | undefined>()
  #old = new Map<string, string | undefined>()

  of(sql: string): string | undefined {
    const known = this.#young.get(sql)
    if (known !== undefined) return known
    const isKnown = this.#young.has(sql) || this.#old.has(sql)
    const name = isKnown ? this.#old.get(sql) ?? `la_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}` : undefined
    if (this.#young.size >= GENERATION && !this.#young.has(sql)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(sql, name)
    return name
  }
}
