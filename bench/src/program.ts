import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

interface Answer { readonly id: number; readonly result?: unknown; readonly error?: string }

/** A program of `src/programs` in a process of its own, which does what it is asked. Its other end is `answerCommands`. */
export class Program {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #asked = 0

  /**
   * @param file - a bundled program: measured is what runs in production, not what a loader makes of sources
   * @param dataFolder - its `LIBERACCES_DATA`
   */
  constructor(file: string, dataFolder: string) {
    this.#child = fork(file, [], { execArgv: [], env: { ...process.env, LIBERACCES_DATA: dataFolder }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#child.on('message', ({ id, result, error }: Answer) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) waiting?.resolve(result)
      else waiting?.reject(new Error(error))
    })
    this.#child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${file} ended (${signal ?? code}) before it answered.`))
      this.#waiting.clear()
    })
  }

  /** @throws Error with the program's own words when it failed */
  ask<Result>(command: string, input: unknown = {}): Promise<Result> {
    const id = (this.#asked += 1)
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, answer)
    this.#child.send({ id, command, input }, (error) => {
      if (error !== null) answer.reject(error)
    })
    return answer.promise as Promise<Result>
  }

  /** Processor time so far, in microseconds. */
  cpu(): Promise<number> {
    return this.ask<number>('cpu')
  }

  /** Ends it; harmless when it has ended. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    if (this.#child.connected) this.#child.disconnect()
    const timer = setTimeout(() => { this.#child.kill('SIGKILL') }, 5_000)
    await ended
    clearTimeout(timer)
  }
}
