import type { Code } from '../errors.ts'

/** One question that a plugin's side asked, and what came of it: for certification, which holds what a plugin does against what it declares. */
export interface Asked {
  readonly plugin: string
  /** The kind of question, such as `db.run` or `fetch`. */
  readonly what: string
  /** The scope, contract or event that opens the way to it, as `used` counts them; `undefined` for what needs none. */
  readonly scope: string | undefined
  /** Whose data the call is about; `undefined` in a migration, which is run once for many. */
  readonly tenantId: string | undefined
  /** Of the call: that of the request, event or schedule it was made for. */
  readonly traceId: string | undefined
  /** The statement, where it is one. */
  readonly sql: string | undefined
  /** Why it was not to be had: the code of the kernel's refusal, or `failed` for any other error. */
  readonly refused: Code | 'failed' | undefined
  readonly why: string | undefined
}

/** Told of each question when it is answered. It must not throw. */
export type WatchAsked = (asked: Asked) => void
