import { watchSources, type SourceWatch } from './watch-sources.ts'

/** The changes of a plugin's sources, waited for one after the other. What changes while nobody waits counts as one. */
export class Changes implements AsyncDisposable {
  #watch: SourceWatch | undefined
  #isDue = false
  #wake: () => void = () => undefined

  static async of(folder: string): Promise<Changes> {
    const changes = new Changes()
    changes.#watch = await watchSources(folder, () => {
      changes.#isDue = true
      changes.#wake()
    })
    return changes
  }

  /** Resolves when something has changed since the last call, or the signal is aborted. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#isDue && !signal.aborted) {
      const woken = Promise.withResolvers<void>()
      const ended = (): void => { woken.resolve() }
      this.#wake = ended
      signal.addEventListener('abort', ended, { once: true })
      await woken.promise
      signal.removeEventListener('abort', ended)
      this.#wake = () => undefined
    }
    this.#isDue = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch?.stop()
  }
}
