import type { Outside } from '../outside.ts'

// Trace Context level 1, section 3.2.2: later versions may append fields, `ff` is forbidden, all zeros is no id.
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-|$)/
const POOL_BYTES = 24 * 128

/** Gives each request its place in a trace: the caller's trace where it sent a valid one, else a new one. */
export type Traces = (header: string | undefined) => string

/** Random bytes are drawn in pools: one draw per request would cost more than the rest of it. */
export function createTraces(outside: Pick<Outside, 'randomBytes'>): Traces {
  let pool = Buffer.alloc(0)
  let used = 0
  const hex = (bytes: number): string => {
    if (used + bytes > pool.length) {
      pool = Buffer.from(outside.randomBytes(POOL_BYTES))
      used = 0
    }
    used += bytes
    return pool.toString('hex', used - bytes, used)
  }
  return (header) => {
    const known = header === undefined ? null : TRACEPARENT.exec(header)
    if (known === null || (header?.startsWith('00-') && header.length !== 55)) return `00-${hex(16)}-${hex(8)}-01`
    return `00-${known[1]}-${hex(8)}-${known[2]}`
  }
}

/** The trace id of a traceparent: 32 hexadecimal digits. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35)
}
