import { PlatformError } from '../../../errors.ts'

/** What a service answered, or that it did not: all that is told of it. Bodies of answers quote keys and signatures, and stay out. */
export class S3Failure extends Error {
  override readonly name = 'S3Failure'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  /** The service's code such as `SlowDown`, or the system's such as `ECONNREFUSED`. */
  readonly code: string

  constructor(status: number, code: string) {
    super(status === 0 ? `No answer (${code})` : `${status} ${code}`)
    this.status = status
    this.code = code
  }

  /** Whether trying again may help. */
  get isPassing(): boolean {
    return this.status === 0 || (this.status >= 500 && this.status !== 501) || this.status === 429 || this.status === 408 || PASSING.has(this.code)
  }

  /** Whether it says that there is no such object. */
  get isMissing(): boolean {
    return this.status === 404 && this.code !== 'NoSuchBucket'
  }
}

const PASSING: ReadonlySet<string> = new Set(['RequestTimeout', 'SlowDown', 'Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'BadDigest', 'IncompleteBody', 'OperationAborted'])

/** What any error of a request means. */
export function failureOf(error: unknown): S3Failure {
  if (error instanceof S3Failure) return error
  const { status, serviceCode, code, name, cause } = error as { readonly status?: unknown; readonly serviceCode?: unknown; readonly code?: unknown; readonly name?: unknown; readonly cause?: { readonly code?: unknown; readonly name?: unknown } }
  if (typeof status === 'number') return new S3Failure(status, typeof serviceCode === 'string' ? serviceCode : 'Unknown')
  for (const said of [code, cause?.code, cause?.name, name]) if (typeof said === 'string' && said !== 'Error' && said !== 'TypeError') return new S3Failure(0, said)
  return new S3Failure(0, 'ConnectionFailed')
}

const REFUSED: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket',
  NoSuchKey: 'an object went meanwhile',
  AccessDenied: 'the key may not do that in it',
  InvalidAccessKeyId: 'the service does not know the access key',
  SignatureDoesNotMatch: 'the secret key does not fit the access key',
  PermanentRedirect: 'the bucket is in another region',
  AuthorizationHeaderMalformed: 'the bucket is in another region',
  RequestTimeTooSkewed: 'the clock of this machine is wrong',
}

function reasonOf({ status, code }: S3Failure): string {
  if (REFUSED[code] !== undefined) return REFUSED[code]
  // Answers to HEAD have no body that would say more.
  if (status === 404) return 'there is no such bucket'
  if (status === 403) return 'the keys are wrong, or may not do that in it'
  if (status === 301) return 'the bucket is in another region'
  return status === 0 ? `nothing answers there (${code})` : `the service answered ${status} ${code}`
}

/** At the start: what is wrong with the configuration. */
export function asConfigInvalid(failure: S3Failure, place: string, endpoint: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', `LIBERACCES_FILES: ${place} at ${endpoint} cannot be used: ${reasonOf(failure)}.`, {
    fix: 'Check LIBERACCES_FILES, AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the bucket must exist.', cause: failure,
  })
}

/** Later: nothing was lost, and it may work again. */
export function asUnavailable(failure: S3Failure, place: string): PlatformError {
  return new PlatformError('FILES_UNAVAILABLE', `Files at ${place} cannot be reached: ${reasonOf(failure)}.`, {
    fix: 'Try again in a moment. If it lasts, look at the S3 service and at the keys of the platform.', retryAfterSeconds: 10, cause: failure,
  })
}
