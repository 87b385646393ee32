import type { Duplex, Readable } from 'node:stream'
import type { WallPolicy } from './wall-policy.ts'
import type { Wall } from './wall.ts'

/** What a box is made for. */
export interface BoxOptions {
  /** Whose it is, for messages: plugin id and version. */
  readonly name: string
  /** Absolute path of the program that runs in it, JavaScript. May be read without being among `readable`. */
  readonly program: string
  /** What the program is told. @defaultValue nothing */
  readonly args?: readonly string[]
  /** Absolute paths of files and folders the child may read; it reads nothing else. */
  readonly readable: readonly string[]
  /** Most memory of all the child, buffers included, in MiB: 32 to 16 384. Past it the child ends, with `why: 'memory'`. */
  readonly memoryMb: number
  /** @defaultValue `best` */
  readonly walls?: WallPolicy
  /** Aborted: the child is killed, or never starts. */
  readonly signal?: AbortSignal
}

/** Why a child is no more. */
export type ExitReason = 'ended' | 'killed' | 'memory' | 'failed-to-start'

/** How a child ended. */
export interface BoxExit {
  /** In a sandbox a signal shows as 128 and its number, as in a shell. */
  readonly code: number | null
  readonly signal: string | null
  /**
   * `killed`: by `kill()` or the signal of the options. `memory`: past its limit, be it the heap or all of it. `failed-to-start`: it ended with an error before it had
   * written anything to the channel. `ended`: by itself, or by whomever else.
   */
  readonly why: ExitReason
}

/** A child in its box. */
export interface BoxedChild {
  /** Process id as the host sees it. */
  readonly pid: number
  /** Descriptor 3 of the child: a raw byte stream, never Node's IPC. That the child went away in the midst of it is no error here; see `exited`. */
  readonly channel: Duplex
  /** What the child writes to standard output and standard error. It must be read, or the child stands still once it has written some. */
  readonly stderr: Readable
  /** Which walls stand around it. */
  readonly walls: readonly Wall[]
  /** Settles once, never rejects. */
  readonly exited: Promise<BoxExit>
  /** It has loaded what it runs: from now on computing much has it give way as far as any other. Until then it counts as new, for two seconds at most. */
  loaded(): void
  /** Memory of the child and all it started, in bytes (proportional set size); nothing where the machine does not tell, or the child is gone. */
  memory(): Promise<number | undefined>
  /** SIGKILL to it and all that it could have started; twice is harmless. */
  kill(): void
}
