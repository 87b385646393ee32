import type { ScopeUse } from '../runtime/release.ts'

/** Names that are kept of what was only refused: a plugin that tries what it never declared must not fill the memory, nor hide what it uses later. */
const MOST_REFUSED = 300
/** Names that are kept of what was used. What is used was declared, but a declaration may stand for hosts without number. */
const MOST_USED = 2_000
/** Longest name that is told from others, in characters. */
const LONGEST_NAME = 300

/** What a release was seen to use since it was loaded: what certification holds against what it declares. */
export class UsedScopes {
  readonly #uses = new Map<string, { used: number; refused: number }>()
  /** Names by what they were first kept for. */
  readonly #named = { used: 0, refused: 0 }

  note(scope: string): void {
    const use = this.#of(scope, 'used')
    if (use !== undefined) use.used += 1
  }

  refuse(scope: string): void {
    const use = this.#of(scope, 'refused')
    if (use !== undefined) use.refused += 1
  }

  #attempts = 0

  /** It tried something that it may not do. */
  tried(): void {
    this.#attempts += 1
  }

  /** How often it did. */
  get attempts(): number {
    return this.#attempts
  }

  /** By name. */
  get list(): readonly ScopeUse[] {
    return [...this.#uses].map(([scope, use]) => ({ scope, ...use })).toSorted((a, b) => (a.scope < b.scope ? -1 : 1))
  }

  #of(scope: string, what: 'used' | 'refused'): { used: number; refused: number } | undefined {
    const name = scope.slice(0, LONGEST_NAME)
    const known = this.#uses.get(name)
    if (known !== undefined) return known
    if (this.#named[what] >= (what === 'used' ? MOST_USED : MOST_REFUSED)) return undefined
    this.#named[what] += 1
    const use = { used: 0, refused: 0 }
    this.#uses.set(name, use)
    return use
  }
}
