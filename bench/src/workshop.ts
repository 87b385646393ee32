import { execFile } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { Program } from './program.ts'

const run = promisify(execFile)

/** The folder of the workspace. */
export const ROOT: string = join(import.meta.dirname, '..', '..')

/** One of this run's own: another run must not clear it away. */
function bundleFolder(name: string): string {
  return join(ROOT, 'core', 'temp', `bench-${name}-${process.pid}`)
}

/** What measures share: programs that are built once, folders that are cleared away, how long to measure. */
export class Workshop implements AsyncDisposable {
  /** Shorter and fewer rounds: tells whether it works, not how fast it is. */
  readonly quick: boolean
  /** Rounds of each figure. */
  readonly rounds: number
  /** Length of a round, in milliseconds. */
  readonly roundMs: number
  readonly #note: (text: string) => void
  readonly #folder = mkdtempSync(join(tmpdir(), 'liberacces-bench-'))
  readonly #bundles = new Map<string, Promise<string>>()
  readonly #shared = new Map<string, Promise<unknown>>()
  readonly #programs: Program[] = []
  readonly #closers: (() => Promise<unknown>)[] = []

  constructor({ quick, note }: { readonly quick: boolean; readonly note: (text: string) => void }) {
    this.quick = quick
    this.rounds = quick ? 3 : 7
    this.roundMs = quick ? 700 : 2_500
    this.#note = note
  }

  /** Says what is going on, for whoever waits. */
  note(text: string): void {
    this.#note(text)
  }

  /** An empty folder of the temporary files, gone when the run ends. */
  folder(name: string): string {
    const made = join(this.#folder, name)
    mkdirSync(made, { recursive: true })
    return made
  }

  /** Makes something once for all measures that need it. */
  once<Value>(name: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#shared.get(name) as Promise<Value> | undefined
    if (known !== undefined) return known
    const made = make()
    this.#shared.set(name, made)
    return made
  }

  /**
   * Bundles sources as `pnpm start` does, into a folder that is made anew by every run.
   * @param entries - name of each file to make and its source, from the root of the workspace
   * @returns the folder
   */
  bundle(name: string, entries: Readonly<Record<string, string>>): Promise<string> {
    const known = this.#bundles.get(name)
    if (known !== undefined) return known
    const out = bundleFolder(name)
    const made = run(process.execPath, [join('scripts', 'bundle.ts'), out, ...Object.entries(entries).map(([to, from]) => `${to}=${from}`)], { cwd: ROOT }).then(() => out)
    this.#bundles.set(name, made)
    return made
  }

  /** One of `src/programs`, bundled. */
  async programFile(name: string): Promise<string> {
    const sources = globSync('bench/src/programs/*.ts', { cwd: ROOT })
    return join(await this.bundle('programs', Object.fromEntries(sources.map((path) => [basename(path, '.ts'), path]))), `${name}.js`)
  }

  /**
   * Starts one of `src/programs` in a process of its own. It ends with the run at the latest.
   * @param options - its data folder, where it is not its own; how many files it may have open at a time; and the database that it works on, in `BENCH_DATABASE_URL`
   */
  async program(name: string, options: { readonly data?: string; readonly openFiles?: number; readonly databaseUrl?: string } = {}): Promise<Program> {
    const { data = this.folder(options.databaseUrl === undefined ? name : `${name}-on-postgres`), openFiles, databaseUrl } = options
    const program = new Program(await this.programFile(name), data, openFiles, databaseUrl)
    this.#programs.push(program)
    return program
  }

  /** Closes something when the run ends, after the programs, the last first. */
  defer(close: () => Promise<unknown>): void {
    this.#closers.push(close)
  }

  /** Ends every program and clears the folders away. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs) await program.stop()
    for (const close of this.#closers.toReversed()) await close()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 })
    for (const name of this.#bundles.keys()) rmSync(bundleFolder(name), { recursive: true, force: true })
  }
}
