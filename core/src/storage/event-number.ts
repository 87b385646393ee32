/**
 * Numbers and ids of events. An event's number tells the order in which the events of its store were written; it is made of the time
 * and a counter, and its id is made of the number: a UUID of version 7 whose first 48 bits are the time and whose next 12 the counter
 * (RFC 9562, section 6.2, method 1). So the number needs no row of its own to be counted in, an id no index to be found by, and both sort
 * alike.
 */

/** Events that one store numbers within a millisecond; more of them take numbers of the next. Below 2^12, where the id keeps them. */
const PER_MILLISECOND = 1_024
/** A clock that says more counts as this, so that a number stays below 2^53: there is room for another forty years of events behind it. */
const LATEST_MS = Date.UTC(2200, 0, 1)
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
/** Bytes of chance in an id; of the first, two bits say the variant. */
export const EVENT_ID_BYTES = 8

const EVENT_ID = /^([0-9a-f]{8})-([0-9a-f]{4})-7([0-3][0-9a-f]{2})-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/**
 * The number of the next event of a store: larger than every one before, whatever the clock does.
 * @param last - the largest that the store has given; 0 where it has given none
 * @param now - milliseconds since the Unix epoch
 */
export function nextEventNumber(last: number, now: number): number {
  return Math.max(last + 1, Math.floor(Math.min(now, LATEST_MS)) * PER_MILLISECOND)
}

/** The id of the event with this number. @param random - {@link EVENT_ID_BYTES} of chance */
export function eventIdOf(number: number, random: Uint8Array): string {
  const time = Math.floor(number / PER_MILLISECOND)
  const counter = number % PER_MILLISECOND
  const low = time % 0x1_0000
  // By parts below 2^31: larger numbers take ten times as long to be written out.
  const high = Math.floor(time / 0x1_0000).toString(16).padStart(8, '0')
  return `${high}-${hex(low >> 8)}${hex(low & 0xff)}-7${counter >> 8}${hex(counter & 0xff)}-${hex(0x80 | (at(random, 0) & 0x3f))}${hex(at(random, 1))}-${
    hex(at(random, 2))}${hex(at(random, 3))}${hex(at(random, 4))}${hex(at(random, 5))}${hex(at(random, 6))}${hex(at(random, 7))}`
}

/** The number in an id as {@link eventIdOf} makes them; `undefined` for one that it has not made. Other ids may look like one: compare the row's. */
export function eventNumberIn(id: string): number | undefined {
  const [, high, low, counter] = EVENT_ID.exec(id) ?? []
  return high === undefined ? undefined : Number.parseInt(high + (low ?? ''), 16) * PER_MILLISECOND + Number.parseInt(counter ?? '', 16)
}

function hex(byte: number): string {
  return HEX[byte] ?? ''
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}
