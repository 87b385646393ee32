import { hash, parseOptions, verify } from '@node-rs/argon2'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import { normalizePassword } from './password-rules.ts'

/** argon2id as OWASP advises for servers: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const
/** Hashes at once. One takes a core and 19 MiB for some 30 ms; the other half of the threads stays free for files. */
const AT_ONCE = 2
/** Those that may wait, about half a second's work. */
const WAITING = 30

/** Hashes and checks passwords, few at a time. */
export interface Passwords {
  /** The argon2id hash in PHC string form. @throws PlatformError `LOGIN_THROTTLED` when too many wait already */
  hash(password: string): Promise<string>
  /**
   * Whether a password made a hash. Without a hash the same work is done for nothing, and the answer is no.
   * @throws PlatformError `LOGIN_THROTTLED` when too many wait already
   */
  matches(hashed: string | undefined, password: string): Promise<boolean>
  /** Whether a hash was made with other parameters than today's. */
  isOutdated(hashed: string): boolean
  /** Whether the next call would be refused. */
  readonly isFull: boolean
}

/** Passwords by argon2id. */
export function createPasswords({ outside }: { readonly outside: Outside }): Passwords {
  let running = 0
  const waiting: (() => void)[] = []
  let decoy: Promise<string> | undefined

  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= AT_ONCE) {
      if (waiting.length >= WAITING) throw tooManyAtOnce()
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(resolve)
      await promise
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      // Who waits longest takes over the place, so that nobody slips in between.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
  const hashNow = (password: string): Promise<string> => hash(normalizePassword(password), { ...COST, salt: outside.randomBytes(16) })

  return {
    hash: (password) => inTurn(() => hashNow(password)),
    matches: (hashed, password) => inTurn(async () => {
      const known = hashed ?? await (decoy ??= hashNow(Buffer.from(outside.randomBytes(24)).toString('hex')))
      const same = await verify(known, normalizePassword(password))
      return same && hashed !== undefined
    }),
    isOutdated(hashed) {
      const { memoryCost, timeCost, parallelism, outputLen } = parseOptions(hashed)
      return !hashed.startsWith('$argon2id$') || memoryCost !== COST.memoryCost || timeCost !== COST.timeCost || parallelism !== COST.parallelism || outputLen !== COST.outputLen
    },
    get isFull() {
      return running >= AT_ONCE && waiting.length >= WAITING
    },
  }
}

/** Too many people log in at this moment; nobody in particular is blamed. */
export function tooManyAtOnce(): PlatformError {
  return new PlatformError('LOGIN_THROTTLED', 'Too many people are logging in at the same moment.', { fix: 'Try again in a moment.', retryAfterSeconds: 2 })
}
