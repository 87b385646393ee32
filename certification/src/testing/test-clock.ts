import { pinnedConnect, pinnedFetch, type Outside } from '@liberacces/core'

/** The moment at which every test starts: Monday 2 March 2026, 09:00 in Paris. */
export const TEST_START = Date.UTC(2026, 2, 2, 8, 0, 0)

/** A request that a plugin sent to the outside, caught before it left. */
export interface CaughtRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string | undefined
}

/** The outside world of a test: a clock that only moves when told, seeded chance, and a network that leads nowhere. */
export interface TestOutside extends Outside {
  /** Moves the clock forward, in milliseconds. */
  advance(ms: number): void
  readonly requests: readonly CaughtRequest[]
  /** Answers requests from now on; without it every request gets 503. */
  answer(respond: (request: CaughtRequest) => Response): void
  /** Says where a host name leads from now on. @defaultValue some public address */
  resolve(host: string, addresses: readonly string[]): void
}

/**
 * Makes the outside world of a test.
 * @param seed - the same seed gives the same ids, tokens and salts
 * @param network - `real` for tests with servers of their own on this machine; names lead nowhere but where `resolve` says then too
 */
export function testOutside(seed: number, network: 'none' | 'real' = 'none'): TestOutside {
  let now = TEST_START
  let respond: (request: CaughtRequest) => Response = () => new Response('No answer was prepared.', { status: 503 })
  const requests: CaughtRequest[] = []
  const names = new Map<string, readonly string[]>()
  const next = mulberry32(seed)
  return {
    requests,
    now: () => now,
    advance: (ms) => { now += ms },
    randomBytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)),
    answer: (with_) => { respond = with_ },
    lookup: async (host) => {
      const addresses = names.get(host) ?? (network === 'none' ? ['93.184.215.14'] : undefined)
      if (addresses === undefined) throw new Error(`${host} leads nowhere in a test.`)
      return addresses
    },
    resolve: (host, addresses) => { names.set(host, addresses) },
    connect: network === 'real' ? pinnedConnect : () => Promise.reject(new Error('The network is cut.')),
    fetch: network === 'real' ? pinnedFetch : async (input, init) => {
      const request = new Request(input, init)
      const caught = { url: request.url, method: request.method, headers: request.headers, body: request.body === null ? undefined : await request.text() }
      requests.push(caught)
      return respond(caught)
    },
  }
}

/** A small seeded generator (Mulberry32, public domain): repeatable, not for secrets outside of tests. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
