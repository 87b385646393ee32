import { PlatformError } from '@liberacces/core'
import { InvalidArgumentError, type Command } from 'commander'
import { LabelError } from '../../../label/label-error.ts'
import type { CertifyContext } from '../../certify-command.ts'

/** What a command answers: data for programs, text for people, and the exit code when it is not 0. */
export interface LabelAnswer {
  readonly data: object
  readonly text: string
  readonly exit?: 1 | 3
}

/** One word after `label`. */
export type LabelCommand = (group: Command, context: CertifyContext, run: RunLabel) => void
/** Runs the body of a command and says what came of it. */
export type RunLabel = (options: { readonly json?: boolean }, body: () => Promise<LabelAnswer>) => Promise<void>

/** Answers, or says in one place what was wrong: who, what, what to do. What is not a refusal goes on, as a failure of the harness itself. */
export function runLabel({ out, err }: CertifyContext, done: (exit: number) => void): RunLabel {
  return async ({ json }, body) => {
    try {
      const { data, text, exit } = await body()
      out(json === true ? `${JSON.stringify(data, null, 2)}\n` : `${text}\n`)
      if (exit !== undefined) done(exit)
    } catch (error) {
      if (!(error instanceof LabelError) && !(error instanceof PlatformError)) throw error
      const code = error instanceof PlatformError ? error.code : undefined
      if (json === true) out(`${JSON.stringify({ ok: false, ...(code === undefined ? {} : { code }), message: error.message, fix: error.fix }, null, 2)}\n`)
      else err(`liberacces-certify: ${error.message}\n  ${error.fix}${code === undefined ? '' : ` (${code})`}\n`)
      done(error instanceof LabelError ? error.exit : 1)
    }
  }
}

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d{1,9}$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`)
    return value
  }
}

/** A moment, or the beginning of a day. @returns milliseconds since 1970 */
export function momentOption(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new InvalidArgumentError('Give a day or a moment in UTC, such as 2027-01-31 or 2027-01-31T08:00:00Z.')
  return at
}
