import { PlatformError } from '../errors.ts'
import type { Streams } from './io.ts'

/** What a command tells when it is refused or fails. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly fix: string
  /** Field or place to its own sentence. */
  readonly fields?: Readonly<Record<string, string>>
}

/** An error as a failure. What is no PlatformError is a defect of ours, and says so. */
export function failureOf(error: unknown): Failure {
  if (error instanceof PlatformError) {
    const { code, message, fix, fields } = error
    return { code, message, fix, ...(fields === undefined ? {} : { fields }) }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'INTERNAL', message, fix: 'This is a defect of the platform: run again with LIBERACCES_LOG=debug and report what it says.' }
}

/** Says on standard error what went wrong and what to do, as text or as one JSON document. */
export function reportFailure({ err }: Pick<Streams, 'err'>, failure: Failure, json: boolean): void {
  if (json) {
    err(`${JSON.stringify({ error: failure }, null, 2)}\n`)
    return
  }
  const fields = Object.entries(failure.fields ?? {}).map(([field, sentence]) => `\n  ${field}: ${sentence}`)
  err(`liberacces: ${failure.message}${fields.join('')}\n  ${failure.fix} (${failure.code})\n`)
}
