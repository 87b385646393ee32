const BRAND = Symbol.for('liberacces:retry-later')

/**
 * Thrown by a handler of events that cannot do its work now through no fault of the event: whom it hands it to is away. The event is put off, by
 * more the older it is (5 seconds to 10 minutes), and no try is used up, so that it never becomes a dead letter for this. Later events of its
 * subject wait behind it.
 */
export class RetryLater extends Error {
  override readonly name = 'RetryLater'
  readonly [BRAND] = true
}

/** Whether it is one, also when it was made by another copy of this package. */
export function isRetryLater(error: unknown): error is RetryLater {
  return error instanceof Error && (error as unknown as Readonly<Record<symbol, unknown>>)[BRAND] === true
}
