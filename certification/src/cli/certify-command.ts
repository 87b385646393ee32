import type { Command } from 'commander'

/** Where a command writes. */
export interface Output {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** What a command has around it. */
export interface CertifyContext extends Output {
  /** Relative paths start here. */
  readonly folder: string
  /** Now, in milliseconds since 1970. */
  readonly clock: () => number
}

/** Runs its part of the command line. Resolves to an exit code: 0 pass, 1 fail, 2 the harness itself failed, 3 review pending. */
export type CertifyCommand = (program: Command, context: CertifyContext, done: (exit: number) => void) => void
