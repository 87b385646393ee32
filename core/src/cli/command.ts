import type { Command } from 'commander'
import type { Platform } from '../platform.ts'
import type { Io } from './io.ts'
import type { Surroundings } from './surroundings.ts'

/** What a command was called with, as its own definition checked it. */
export interface Input<Options extends object = object, Args extends readonly unknown[] = readonly unknown[]> {
  readonly args: Args
  readonly options: Readonly<Options>
}

interface Definition {
  /** The words after `liberacces`, such as `tenant create`. */
  readonly name: string
  /** One line for `--help`. */
  readonly summary: string
  /** Adds arguments and options. */
  readonly define?: (command: Command) => void
  /** What is wrong with options that fit each for itself and not together: `undefined` when nothing is. A sentence, perhaps a second line with what to do. */
  wrongUse?(input: Input<never, never>): string | undefined
}

/**
 * A command that acts on a platform: that of the server which runs on the data folder, so that its caches stay right, or one
 * that is opened for this command alone.
 */
export interface PlatformCommand extends Definition {
  readonly kind: 'platform'
  /** Whether it will read standard input, which must then travel to the server too. */
  readsInput?(input: Input<never, never>): boolean
  /**
   * Carries it out. Resolves to 1 when it answered, and what it answered is that something is wrong; what it throws is exit code 1 too.
   * A method, so that a command may say more exactly what its own definition yields.
   */
  run(platform: Platform, input: Input<never, never>, io: Io): Promise<1 | void>
}

/** A command of this process: it starts a platform of its own, or looks at the machine. Resolves to the exit code. */
export interface LocalCommand extends Definition {
  readonly kind: 'local'
  run(surroundings: Surroundings, input: Input<never, never>, io: Io): Promise<number>
}

/** Any command. */
export type CliCommand = PlatformCommand | LocalCommand
