/** What is seen of another node at one look. */
export interface Sight {
  readonly id: string
  /** What it wrote last when it said that it lives. */
  readonly beat: number
  /** Whether its connection holds its lock. */
  readonly isLocked: boolean
  /** Whether its process is known to be gone: it ran on this machine. */
  readonly isGone: boolean
}

/** When a node counts as dead, in milliseconds. */
export interface Patience {
  /** Its connection is closed, and it has said nothing for so long: its process has ended, most likely. */
  readonly goneMs: number
  /** Its connection stands, and it has said nothing for so long: it is cut off, or hangs. */
  readonly silentMs: number
}

interface Watched {
  beat: number
  /** Since when the beat is the same. */
  since: number
  /** Since when its lock is free. */
  freeSince: number | undefined
}

/**
 * Tells dead nodes from living ones by watching them: whoever says nothing new for long enough is dead. Compares no clocks: how long is
 * measured here alone, and only while this node itself could see. Pure but for what it has seen.
 */
export class WatchedNodes {
  readonly #patience: Patience
  #watched = new Map<string, Watched>()

  constructor(patience: Patience) {
    this.#patience = patience
  }

  /** This node saw nothing for a while: whom it held for silent may have spoken. */
  lookedAway(): void {
    this.#watched = new Map()
  }

  /**
   * Looks once.
   * @param nowMs - of a clock that never jumps
   * @returns those that are dead
   */
  look(sights: readonly Sight[], nowMs: number): readonly Sight[] {
    const before = this.#watched
    this.#watched = new Map()
    return sights.filter((sight) => {
      const { id, beat, isLocked, isGone } = sight
      const known = before.get(id)
      const watched: Watched = known?.beat === beat ? known : { beat, since: nowMs, freeSince: undefined }
      watched.freeSince = isLocked ? undefined : (watched.freeSince ?? nowMs)
      this.#watched.set(id, watched)
      if (!isLocked && isGone) return true
      const isClosed = watched.freeSince !== undefined && nowMs - watched.freeSince >= this.#patience.goneMs
      return isClosed || nowMs - watched.since >= this.#patience.silentMs
    })
  }
}
