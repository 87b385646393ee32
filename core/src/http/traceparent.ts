import type { Outside } from '../outside.ts'

// Trace Context level 1, section 3.2.2: later versions may append fields, `ff` is forbidden, all zeros is no id.
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-|$)/
// Trace Context level 1, section 3.3.1: up to 32 members, of at most 512 characters together; keys may name a tenant of a vendor.
const MEMBER = /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/
const MOST_MEMBERS = 32
const LONGEST_STATE = 512
const POOL_BYTES = 24 * 128

/** Gives each request its place in a trace: the caller's trace where it sent a valid one, else a new one. */
export type Traces = (header: string | undefined) => string

/** Random digits are drawn in pools: one draw per request would cost more than the rest of it. */
export function createTraces(outside: Pick<Outside, 'randomBytes'>): Traces {
  let pool = ''
  let used = 0
  const hex = (digits: number): string => {
    if (used + digits > pool.length) {
      pool = Buffer.from(outside.randomBytes(POOL_BYTES)).toString('hex')
      used = 0
    }
    used += digits
    return pool.slice(used - digits, used)
  }
  return (header) => {
    const known = header === undefined ? null : read(header)
    return known === null ? `00-${hex(32)}-${hex(16)}-01` : `00-${known[1]}-${hex(16)}-${known[2]}`
  }
}

function read(header: string): RegExpExecArray | null {
  return header.startsWith('00-') && header.length !== 55 ? null : TRACEPARENT.exec(header)
}

/**
 * What other systems noted about a trace, to be handed on as it is: we add nothing of our own. What came without a valid `traceparent`,
 * or is malformed or longer than 512 characters, is dropped as a whole, as the standard advises.
 */
export function tracestateOf(traceparent: string | undefined, header: string | undefined): string | undefined {
  if (header === undefined || traceparent === undefined || header.length > LONGEST_STATE || read(traceparent) === null) return undefined
  const members = header.split(',').map((member) => member.trim()).filter((member) => member !== '')
  if (members.length === 0 || members.length > MOST_MEMBERS || !members.every((member) => MEMBER.test(member))) return undefined
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf('='))))
  return keys.size === members.length ? members.join(',') : undefined
}

/** The trace id of a traceparent: 32 hexadecimal digits. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35)
}
