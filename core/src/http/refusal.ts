import { PlatformError } from '../errors.ts'

/** Where a refusal keeps the methods that an address does take. */
export const METHODS_HEADER = Symbol('liberacces.allow')

/** An error that knows more about its answer than its code says. */
export interface Refusal extends PlatformError {
  /** Instead of the code's own status. */
  readonly status?: number
  readonly [METHODS_HEADER]?: string
}

/** There is nothing at this address. */
export function nothingHere(): PlatformError {
  return new PlatformError('NOT_FOUND', 'There is nothing at this address.', { fix: 'Check the address.' })
}

/** The address exists, for other methods. */
export function methodNotAllowed(method: string, allowed: readonly string[]): Refusal {
  const error = new PlatformError('METHOD_NOT_ALLOWED', `This address does not take ${method}.`, { fix: `Use ${allowed.join(' or ')}.` })
  return Object.assign(error, { [METHODS_HEADER]: allowed.join(', ') })
}

/** An address longer than anything we hand out (414 URI Too Long). */
export function addressTooLong(limit: number): Refusal {
  const error = new PlatformError('REQUEST_INVALID', `The address is longer than ${limit} characters.`, { fix: 'Send the data in the body.' })
  return Object.assign(error, { status: 414 })
}

/** The address can be read in more than one way. */
export function addressAmbiguous(): PlatformError {
  return new PlatformError('REQUEST_INVALID', 'The address holds empty or dotted segments, backslashes, or encoded slashes.', { fix: 'Write the path in its plain form.' })
}

/** No tenant answers at this host. Says nothing of those that do. */
export function hostUnknown(): PlatformError {
  return new PlatformError('HOST_UNKNOWN', 'No tenant answers at this address.', { fix: 'Check the host name.' })
}

/** The platform, or one plugin of it, is about to be there, or to go. */
export function unavailable(message: string, retryAfterSeconds = 5): PlatformError {
  return new PlatformError('UNAVAILABLE', message, { fix: 'Try again in a moment.', retryAfterSeconds })
}

/** Somebody who may only look wants to change something. */
export function readOnly(): PlatformError {
  return new PlatformError('READ_ONLY', 'You may look here and change nothing.', { fix: 'Ask for an entry that may change things.' })
}
