import { fork, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
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
   * @param openFiles - most files that it may have open at a time (`ulimit -n`). @defaultValue as this process
   * @param databaseUrl - its `BENCH_DATABASE_URL`
   */
  constructor(file: string, dataFolder: string, openFiles?: number, databaseUrl?: string) {
    const options = { env: { ...process.env, LIBERACCES_DATA: dataFolder, ...(databaseUrl === undefined ? {} : { BENCH_DATABASE_URL: databaseUrl }) }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] } satisfies SpawnOptions
    this.#child = openFiles === undefined
      ? fork(file, [], { execArgv: [], ...options })
      // The shell sets the limit, hard and soft, and becomes the program: Node raises the soft one to the hard one by itself.
      : spawn('/bin/sh', ['-c', `ulimit -n ${openFiles} && exec "$0" "$1"`, process.execPath, file], options)
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
