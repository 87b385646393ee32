import { PlatformError } from '../../errors.ts'

/** What PostgreSQL or the way there reports: five characters (https://www.postgresql.org/docs/current/errcodes-appendix.html), or Node's own. */
interface Reported {
  readonly code?: unknown
  readonly message?: unknown
  readonly routine?: unknown
}

/** Errors of the way to the database. */
const AWAY: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT', 'ECONNABORTED', '57P01', '57P02', '57P03', '57P05', '25P03'])
/** What node-postgres says without a code. */
const AWAY_TEXT = /^(?:Connection terminated|timeout expired|Client has encountered a connection error|Client was closed|Query read timeout)/

/** Whether the connection is of no more use. */
export function isAway(error: unknown): boolean {
  const { code, message } = (error ?? {}) as Reported
  return (typeof code === 'string' && (AWAY.has(code) || code.startsWith('08'))) || (typeof message === 'string' && AWAY_TEXT.test(message))
}

/** The code that PostgreSQL gave. */
export function stateOf(error: unknown): string {
  const { code } = (error ?? {}) as Reported
  return typeof code === 'string' ? code : ''
}

/**
 * Whether a statement that a connection keeps ready was made for tables as they were: others have changed them since. It was not run, and every
 * connection that keeps it would say so.
 */
export function isOutdated(error: unknown): boolean {
  const said = error instanceof PlatformError ? error.cause : error
  // By the place in PostgreSQL: the code says no more than that something cannot be done, and the text is in the language of the server.
  return stateOf(said) === '0A000' && (said as Reported).routine === 'RevalidateCachedQuery'
}

/**
 * Says in the platform's words what a plugin or the kernel cannot know by PostgreSQL's: that it was not the statement's fault, or what the
 * database refuses whoever asks. What is wrong with a statement itself stays as PostgreSQL said it.
 * @param owner - whose statement it was
 * @param where - the database, for people
 */
export function explained(error: unknown, owner: string, where: string): unknown {
  if (error instanceof PlatformError) return error
  if (isAway(error)) return unavailable(where, error)
  if (isOutdated(error)) return new PlatformError('DB_CONFLICT', `${owner}: tables were changed at that moment.`, { cause: error, fix: 'Nothing of it was written. Try again.', retryAfterSeconds: 1 })
  const text = error instanceof Error ? error.message : String(error)
  switch (stateOf(error)) {
    case '40001':
    case '40P01': return new PlatformError('DB_CONFLICT', `${owner}: the database took back what was being written, because others wrote the same at that moment.`, { cause: error, fix: 'Nothing of it was written. Try again.', retryAfterSeconds: 1 })
    case '55P03': return new PlatformError('DB_BUSY', `${owner}: what it was to write stayed taken by others for too long.`, { cause: error, fix: 'Nothing of it was written. Try again; when it goes on, look for a long transaction on the database.', retryAfterSeconds: 1 })
    case '53300': return new PlatformError('DB_BUSY', `${where} takes no more connections.`, { cause: error, fix: 'Give it more (max_connections), or this platform fewer (option "connections" of LIBERACCES_DATABASE_URL).', retryAfterSeconds: 1 })
    case '57014': return new PlatformError('DB_TIMEOUT', `${owner}: a statement ran past its time and was stopped.`, { cause: error, fix: 'Read less at once, or by an index.' })
    case '25006': return new PlatformError('READ_ONLY', `${owner} would change its data in a call that may only look.`, { cause: error, fix: 'Whoever asks may look here and change nothing.' })
    case '25P02': return new PlatformError('DB_TRANSACTION_OVER', `${owner} used a transaction that the database had given up after an error.`, { cause: error, fix: 'Let the error end the body of the transaction.' })
    case '42501': return new PlatformError('DB_STATEMENT_REFUSED', `${owner}: the database refuses: ${text}.`, { cause: error, fix: 'Read and write the plugin\'s own tables; change tables in migrations.' })
    case '22021':
    case '22P05':
    case '22P02':
    case '22003': return new PlatformError('DB_VALUE_INVALID', `${owner}: a value does not fit its column: ${text}.`, { cause: error, fix: 'Store text without NUL characters, and whole numbers in columns of integers.' })
    case '53100': return new PlatformError('DISK_SPACE_LOW', `${where} has no room left on its disk.`, { cause: error, fix: 'Make room on the disk of the database.' })
    default: return error
  }
}

/** The database cannot be reached. */
export function unavailable(where: string, cause: unknown): PlatformError {
  const { code, message } = (cause ?? {}) as Reported
  return new PlatformError('DB_UNAVAILABLE', `The database ${where} cannot be reached (${typeof code === 'string' ? code : String(message)}).`, {
    cause, fix: 'See that PostgreSQL runs there and lets this machine in. What was being written is either there whole or not at all.', retryAfterSeconds: 2,
  })
}
