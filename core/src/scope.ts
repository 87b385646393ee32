/** How one closing went. */
export interface Closing {
  /** Labels from the closed scope down to what was closed. */
  readonly label: string
  readonly error?: unknown
}

interface Owned {
  readonly label: string
  readonly close: () => void | Promise<void>
}

/**
 * Owns what was opened: platform, then release, then tenant. Closing goes last in, first out; one failure or a hang
 * costs only itself, and the answer says how each went.
 */
export class Scope {
  readonly label: string
  #owned: readonly Owned[] = []
  #closed = false

  constructor(label: string) {
    this.label = label
  }

  /** Hands over a closing, on the line after the opening. Returns the remover; removing twice is harmless. */
  defer(label: string, close: () => void | Promise<void>): () => void {
    if (this.#closed) throw new Error(`Scope "${this.label}" is closed; it cannot own "${label}".`)
    const owned = { label, close }
    this.#owned = [...this.#owned, owned]
    return () => {
      this.#owned = this.#owned.filter((other) => other !== owned)
    }
  }

  /** A scope that is closed with this one, or before it by itself. */
  child(label: string): Scope {
    const child = new Scope(`${this.label} › ${label}`)
    const forget = this.defer(label, async () => {
      const failed = (await child.close()).filter((closing) => closing.error !== undefined)
      if (failed.length > 0) throw new AggregateError(failed.map((closing) => closing.error), failed.map((closing) => closing.label).join(', '))
    })
    child.defer('leave the parent', forget)
    return child
  }

  /** What is open, in the order of opening. */
  get open(): readonly string[] {
    return this.#owned.map((owned) => owned.label).filter((label) => label !== 'leave the parent')
  }

  /** Closes all of it, each within a time limit in milliseconds. Closing twice does nothing. */
  async close(limitMs = 10_000): Promise<readonly Closing[]> {
    if (this.#closed) return []
    this.#closed = true
    const closings: Closing[] = []
    for (const owned of this.#owned.toReversed()) {
      const label = `${this.label} › ${owned.label}`
      try {
        await withinLimit(owned, limitMs)
        closings.push({ label })
      } catch (error) {
        closings.push({ label, error })
      }
    }
    this.#owned = []
    return closings
  }
}

async function withinLimit(owned: Owned, limitMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => { reject(new Error(`Closing "${owned.label}" took longer than ${limitMs} ms and was left behind.`)) }, limitMs)
  try {
    await Promise.race([owned.close(), late])
  } finally {
    clearTimeout(timer)
  }
}
