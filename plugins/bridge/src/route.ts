/** What crosses the bridge, as an administrator wrote it. */
export interface Route {
  readonly id: string
  readonly direction: 'out' | 'in'
  readonly contract: string
  readonly place: string
  readonly pattern: string
}

/** Longest routing key, in bytes (AMQP 0-9-1, short string). */
const LONGEST_KEY = 255

/** Routes that an event of the platform leaves by. */
export function routesFor(routes: readonly Route[], type: string): readonly Route[] {
  return routes.filter(({ direction, contract }) => direction === 'out' && (contract.endsWith('*') ? type.startsWith(contract.slice(0, -1)) : contract === type))
}

/** The contract that a message of a queue becomes; `undefined` when nobody chose it. */
export function contractFor(routes: readonly Route[], queue: string, type: string): string | undefined {
  return routes.find(({ direction, place, contract, pattern }) => direction === 'in' && place === queue && (pattern === '' ? contract : pattern) === type)?.contract
}

/** The queues that are to be consumed, each once. */
export function queuesOf(routes: readonly Route[]): readonly string[] {
  return [...new Set(routes.filter(({ direction }) => direction === 'in').map(({ place }) => place))].toSorted()
}

/** A routing key. In what fills a place, what would part words or is no letter, digit, `-` or `_` becomes `-`. */
export function routingKey(pattern: string, event: { readonly type: string; readonly subject: string | undefined; readonly tenant: string }): string {
  const word = (text: string): string => text.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
  const key = pattern
    // A contract's dots stay: they are what topics are bound by. `/v1` becomes a word of its own.
    .replaceAll('{type}', event.type.replaceAll('/', '.'))
    .replaceAll('{subject}', word(event.subject ?? 'none'))
    .replaceAll('{tenant}', word(event.tenant))
  return Buffer.from(key).subarray(0, LONGEST_KEY).toString('utf8').replace(/\ufffd$/, '')
}
