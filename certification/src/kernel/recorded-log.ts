import { createLog } from '@liberacces/core'

/** One line of the platform's log. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly plugin?: string
  readonly tenant?: string
  readonly traceId?: string
  readonly [detail: string]: unknown
}

/** The platform's log, kept in memory as it would have been written. */
export class RecordedLog {
  readonly #raw: string[] = []
  readonly logger = createLog('debug', { write: (line: string) => { this.#raw.push(line) } })

  /** Number of lines so far, to look at what comes after. */
  get length(): number {
    return this.#raw.length
  }

  /** Lines as they are, each JSON. */
  raw(since = 0): readonly string[] {
    return this.#raw.slice(since)
  }

  lines(since = 0): readonly LogLine[] {
    return this.#raw.slice(since).map((line) => JSON.parse(line) as LogLine)
  }
}
