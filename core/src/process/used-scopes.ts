import type { ScopeUse } from '../runtime/release.ts'

/** Names that are kept: a plugin that tries what it never declared must not fill the memory. */
const MOST_NAMES = 300

/** What a release was seen to use since it was loaded: what certification holds against what it declares. */
export class UsedScopes {
  readonly #uses = new Map<string, { used: number; refused: number }>()

  note(scope: string): void {
    const use = this.#of(scope)
    if (use !== undefined) use.used += 1
  }

  refuse(scope: string): void {
    const use = this.#of(scope)
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

  #of(scope: string): { used: number; refused: number } | undefined {
    const known = this.#uses.get(scope)
    if (known !== undefined || this.#uses.size >= MOST_NAMES) return known
    const use = { used: 0, refused: 0 }
    this.#uses.set(scope.slice(0, 300), use)
    return use
  }
}
