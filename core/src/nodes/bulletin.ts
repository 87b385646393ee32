import type { Reloadable } from './reloadable.ts'

/** Tells this node what others have changed in the kernel's tables, and has those who hold rows in memory read them anew. */
export interface Bulletin {
  /** Takes in somebody who holds rows. Those that others build upon come first: reloading goes in this order. */
  register(...held: readonly Reloadable[]): void
  /**
   * Resolves once memory here is as what every node had committed when this was called. Who holds a lock that all nodes share asks this
   * first: then what is decided from memory holds when it is written.
   * @throws PlatformError `UNAVAILABLE` when that cannot be found out in time
   */
  caughtUp(): Promise<void>
  /** Whether changes of others are heard just now. */
  readonly isHearing: boolean
  /** Has everything that is held read anew. */
  reloadAll(): Promise<void>
}

/** Of a platform that is one process: nobody else changes anything. */
export class LonelyBulletin implements Bulletin {
  #held: readonly Reloadable[] = []
  readonly isHearing = true

  register(...held: readonly Reloadable[]): void {
    this.#held = [...this.#held, ...held]
  }

  async caughtUp(): Promise<void> {
    // There is nobody to hear from.
  }

  async reloadAll(): Promise<void> {
    for (const each of this.#held) await each.reload(undefined)
  }
}
