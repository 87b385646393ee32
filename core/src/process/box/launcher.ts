import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { coverDescriptors } from './covered-descriptors.ts'
import type { User } from './unprivileged-user.ts'

const PROGRAM = fileURLToPath(new URL('launcher-program.js', import.meta.url))
/** Within this something must have been started, or be gone once it was killed, in milliseconds: a launcher that does not come to it is ended, and all it has started with it. */
const LONGEST_MS = 30_000
/** Within this the sockets of what was started are here, in milliseconds: they were connected before. Where they are not, this process may open no more of them. */
const LONGEST_MEETING_MS = 5_000

/** What is to be started. */
export interface Launch {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** @defaultValue that of the platform */
  readonly user: User | undefined
  /** What the child reads on descriptor 5. @defaultValue there is none */
  readonly filter: Buffer | undefined
  /** Whether it says on descriptor 4 under which id the program runs, as JSON with `child-pid`. */
  readonly tellsPid: boolean
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
}

/** A process that was started, and waits for its go. */
export interface LaunchedChild {
  readonly pid: number
  /** Its descriptor 3. */
  readonly channel: Socket
  /** Its descriptor 2. */
  readonly stderr: Socket
  /** Settles once, never rejects. */
  readonly ended: Promise<Ending>
  /** Writes a line to its standard input. @returns the id under which the program runs; nothing where it did not come to that, which `stderr` says more of */
  go(): Promise<number | undefined>
  /** SIGKILL to it and what belongs to it, as long as it has not ended. */
  kill(): void
}

type Told =
  | { readonly kind: 'started'; readonly number: number; readonly pid: number }
  | { readonly kind: 'inside'; readonly number: number; readonly pid?: number }
  | { readonly kind: 'failed'; readonly number: number; readonly message: string }
  | ({ readonly kind: 'ended'; readonly number: number } & Ending)

interface UnderWay {
  pid: number | undefined
  readonly started: PromiseWithResolvers<number>
  readonly inside: PromiseWithResolvers<number | undefined>
  readonly ended: PromiseWithResolvers<Ending>
}

/** Starts processes from another one, in which starting is cheap. */
class Launcher {
  readonly #program: ChildProcess
  readonly #underWay = new Map<number, UnderWay>()
  #last = 0
  #isOver = false

  constructor() {
    const descriptors = coverDescriptors(['ignore', 'ignore', 'inherit', 'ipc'])
    try {
      // In a session of its own: what a terminal sends to the platform is not for it.
      this.#program = spawn(process.execPath, ['--disable-sigusr1', PROGRAM], { cwd: '/', env: {}, detached: true, stdio: descriptors.stdio })
    } finally {
      descriptors.done()
    }
    this.#program.on('message', (told) => { this.#heard(told as Told) })
    this.#program.once('error', (error) => { this.#end(error.message) })
    this.#program.once('exit', (code, signal) => { this.#end(`it ended (${signal ?? code})`) })
    this.#rest()
  }

  /** Whether it can still start anything. */
  get isThere(): boolean {
    return !this.#isOver && this.#program.connected
  }

  /** @throws what the machine says when it cannot be started */
  async launch({ file, args, env, user, filter, tellsPid }: Launch): Promise<LaunchedChild> {
    const number = this.#last += 1
    const one: UnderWay = { pid: undefined, started: Promise.withResolvers(), inside: Promise.withResolvers(), ended: Promise.withResolvers() }
    // Where it ends before anybody waits for it.
    one.started.promise.catch(() => undefined)
    this.#underWay.set(number, one)
    this.#program.ref()
    this.#program.channel?.ref()
    const late = setTimeout(() => { this.#giveUp() }, LONGEST_MS)
    let folder: string | undefined
    let places: readonly Place[] = []
    try {
      // Only its user may enter it.
      const within = folder = await mkdtemp(join(tmpdir(), 'liberacces-start-'))
      places = ['said', 'channel'].map((name) => meetAt(join(within, name)))
      await Promise.all(places.map(({ opened }) => opened))
      this.#tell({ kind: 'start', number, file, args, env, user: user ?? {}, sockets: places.map(({ path }) => path), filter: filter?.toString('base64'), tellsPid })
      const pid = await one.started.promise
      const [stderr, channel] = await Promise.race([Promise.all(places.map(({ met }) => met)), neverMet(one.ended.promise)]) as [Socket, Socket]
      return {
        pid, channel, stderr, ended: one.ended.promise,
        go: () => {
          this.#tell({ kind: 'go', number })
          return tellsPid ? one.inside.promise : Promise.resolve(pid)
        },
        kill: () => { this.#kill(number) },
      }
    } catch (error) {
      if (one.pid === undefined) this.#forget(number)
      else this.#kill(number)
      for (const { met } of places) met.then((socket) => socket.destroy(), () => undefined)
      throw error
    } finally {
      clearTimeout(late)
      for (const place of places) place.close()
      if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    }
  }

  #kill(number: number): void {
    const one = this.#underWay.get(number)
    if (one === undefined) return
    this.#tell({ kind: 'kill', number })
    const late = setTimeout(() => { this.#giveUp() }, LONGEST_MS)
    void one.ended.promise.then(() => { clearTimeout(late) })
  }

  /** It does not come to what it is told: whatever it started ends with it, and the next start makes another one. */
  #giveUp(): void {
    this.#program.kill('SIGKILL')
  }

  #tell(wish: object): void {
    // That it is gone is told by its end.
    if (this.isThere) this.#program.send(wish, () => undefined)
  }

  #heard(told: Told): void {
    const one = this.#underWay.get(told.number)
    if (one === undefined) return
    switch (told.kind) {
      case 'started':
        one.pid = told.pid
        one.started.resolve(told.pid)
        break
      case 'inside': one.inside.resolve(told.pid); break
      case 'failed':
        one.started.reject(new Error(told.message))
        one.inside.resolve(undefined)
        break
      case 'ended':
        this.#ended(told.number, one, told)
        break
      default: told satisfies never
    }
  }

  #ended(number: number, one: UnderWay, { code, signal }: Ending): void {
    one.inside.resolve(undefined)
    one.ended.resolve({ code, signal })
    this.#forget(number)
  }

  #forget(number: number): void {
    this.#underWay.delete(number)
    if (this.#underWay.size === 0) this.#rest()
  }

  /** It keeps nobody from ending. */
  #rest(): void {
    this.#program.unref()
    this.#program.channel?.unref()
  }

  /** Whatever it had started ends with it, be it by our hand. */
  #end(why: string): void {
    this.#isOver = true
    for (const [number, one] of this.#underWay) {
      if (one.pid !== undefined) killGroup(one.pid)
      one.started.reject(new Error(`The process that starts others is gone: ${why}.`))
      this.#ended(number, one, { code: null, signal: 'SIGKILL' })
    }
  }
}

/** That of this process: one is enough, whoever starts something. */
let current: Launcher | undefined

/** Starts a process, which waits for its go. @throws what the machine says when it cannot be started */
export async function launch(wish: Launch): Promise<LaunchedChild> {
  if (current?.isThere !== true) current = new Launcher()
  return await current.launch(wish)
}

/** A socket in the file system at which two meet once. */
interface Place {
  readonly path: string
  readonly opened: Promise<unknown>
  readonly met: Promise<Socket>
  close(): void
}

function meetAt(path: string): Place {
  const server = createServer()
  const { promise: met, resolve, reject } = Promise.withResolvers<Socket>()
  // Told where it is waited for, if that comes to pass.
  met.catch(() => undefined)
  server.on('error', reject)
  // One that breaks off is told by the end of the child.
  server.once('connection', (socket: Socket) => { resolve(socket.on('error', () => undefined)) })
  server.listen(path)
  return { path, opened: Promise.race([once(server, 'listening'), met]), met, close: () => { server.close() } }
}

/** @throws once it has ended, or too long has passed */
async function neverMet(ended: Promise<Ending>): Promise<never> {
  await Promise.race([ended, after(LONGEST_MEETING_MS, undefined, { ref: false })])
  throw new Error('It was started, and its sockets did not come: it ended at once, or too many files are open here.')
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
