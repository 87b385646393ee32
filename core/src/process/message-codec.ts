import { MessageTooLarge } from './message-too-large.ts'
import { LIMITS } from './protocol.ts'

/**
 * A message as JSON and the bytes that go along. What JSON has no words for is marked within it, `{ "~": "…", … }`, and the message says so with
 * `"~": 1` at its own end, so that most messages are made and read without being looked through:
 * `{"~":"bytes","at":0,"length":3}` stands among the bytes, `{"~":"date","value":0}` is a Date, `{"~":"bigint","value":"1"}`, `{"~":"number","value":"NaN"}`, and
 * `{"~":"object","value":{…}}` is an object that has a property of that name itself.
 */
export interface EncodedMessage {
  readonly json: string
  readonly bytes: readonly Uint8Array[]
}

const MARK = '~'
/** Levels of a message: those of a value, twice where it is marked, and those around it. */
const MOST_LEVELS = LIMITS.depth * 2 + 10

/**
 * @param most - characters of JSON: what is surely more is not written down, however much more it is. @defaultValue no limit
 * @throws MessageTooLarge past that, or with more parts than a message may have; RangeError when it is nested too deeply; TypeError for what cannot be sent, such as a circle
 */
export function encodeMessage(message: object, most = Number.POSITIVE_INFINITY): EncodedMessage {
  size.parts = 0
  size.characters = 0
  size.most = most
  if (!needsMarks(message, 0)) return { json: JSON.stringify(message), bytes: NO_BYTES }
  size.parts = 0
  size.characters = 0
  const bytes: Uint8Array[] = []
  const marker = new Marker(bytes)
  const marked = Object.fromEntries(Object.entries(message).map(([key, value]) => [key, marker.mark(value)]))
  return { json: JSON.stringify({ ...marked, [MARK]: 1 }), bytes }
}

const PROTO_KEY = '__proto__'
/** An array or object costs about as much to make, and to look through, as that many numbers. */
const PARTS_OF_CONTAINER = 10
const NO_BYTES: readonly Uint8Array[] = []

/** Own properties named `__proto__`, however they are written, which a careless copy would make a prototype of. */
const PROTO = /"(?:_|\\u005f)(?:_|\\u005f)(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006f)(?:t|\\u0074)(?:o|\\u006f)(?:_|\\u005f)(?:_|\\u005f)"\s*:/i

/**
 * Reads a message. Properties named `__proto__` are left out.
 * @throws SyntaxError when it is no JSON; TypeError when it is no object, or marked wrongly; RangeError when it is nested too deeply
 */
export function decodeMessage(json: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (isDeeperThan(MOST_LEVELS, json)) throw new RangeError(`A message is nested more than ${MOST_LEVELS} levels deep.`)
  if (hasMoreParts(LIMITS.parts, json)) throw new RangeError(`A message has more than ${LIMITS.parts} parts.`)
  const parsed: unknown = JSON.parse(json)
  if (mayNameProto(json) && PROTO.test(json)) dropProto(parsed)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new TypeError('A message is an object.')
  const message = parsed as Record<string, unknown>
  if (message[MARK] === undefined) return message
  const { [MARK]: _, ...rest } = message
  const along = new BytesAlong(bytes)
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, unmark(value, along, 0)]))
}

/** Whether the pattern is worth its time: it finds the name as it is, or written with escapes. */
function mayNameProto(json: string): boolean {
  return json.includes('__proto__') || json.includes('\\u')
}

/** JSON makes an own property of it, which is taken away again. Not by a function that JSON.parse asks about every value: that takes ten times as long. */
function dropProto(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const each of value) dropProto(each)
    return
  }
  const object = value as Record<string, unknown>
  if (Object.hasOwn(object, PROTO_KEY)) Reflect.deleteProperty(object, PROTO_KEY)
  for (const key of Object.keys(object)) dropProto(object[key])
}

/** What a message was found to be so far, at least. Of one at a time: looking it through is not interrupted. */
const size = { parts: 0, characters: 0, most: Number.POSITIVE_INFINITY }

function add(parts: number, characters: number): void {
  size.parts += parts
  size.characters += characters
  if (size.parts > LIMITS.parts) throw new MessageTooLarge(`A message of more than ${LIMITS.parts} parts is more than crosses the border: each value counts for one, an array or an object for ${PARTS_OF_CONTAINER}.`)
  if (size.characters > size.most) throw new MessageTooLarge(`A message of more than ${size.most} characters is more than crosses the border.`)
}

function needsMarks(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      add(1, value.length)
      return false
    case 'number':
      add(1, 1)
      return !Number.isFinite(value)
    case 'bigint': return true
    case 'object': {
      if (value === null) return false
      if (depth > LIMITS.depth) throw new RangeError(`A value is nested more than ${LIMITS.depth} levels deep.`)
      add(PARTS_OF_CONTAINER, 2)
      if (Array.isArray(value)) {
        for (const each of value) if (needsMarks(each, depth + 1)) return true
        return false
      }
      if (value instanceof Uint8Array || value instanceof Date) return true
      // Not by `for … in`, which is slow wherever Object.prototype was ever changed, as in children (--disable-proto=delete).
      for (const key of Object.keys(value)) {
        const each = (value as Readonly<Record<string, unknown>>)[key]
        if (each !== undefined) size.characters += key.length + 3
        if (key === MARK || needsMarks(each, depth + 1)) return true
      }
      return false
    }
    default: return false
  }
}

class Marker {
  readonly #bytes: Uint8Array[]
  #length = 0

  constructor(bytes: Uint8Array[]) {
    this.#bytes = bytes
  }

  mark(value: unknown): unknown {
    if (typeof value === 'string') add(1, value.length)
    else if (typeof value === 'object' && value !== null) add(PARTS_OF_CONTAINER, 2)
    else add(1, 1)
    if (typeof value === 'bigint') return { [MARK]: 'bigint', value: String(value) }
    if (typeof value === 'number' && !Number.isFinite(value)) return { [MARK]: 'number', value: String(value) }
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Date) return { [MARK]: 'date', value: value.getTime() }
    if (value instanceof Uint8Array) {
      const marked = { [MARK]: 'bytes', at: this.#length, length: value.byteLength }
      this.#bytes.push(value)
      this.#length += value.byteLength
      return marked
    }
    if (Array.isArray(value)) return value.map((each) => this.mark(each))
    const own = value as { readonly toJSON?: unknown }
    if (typeof own.toJSON === 'function') return this.mark((own.toJSON as () => unknown)())
    const marked = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.mark(each)]))
    return MARK in value ? { [MARK]: 'object', value: marked } : marked
  }
}

function unmark(value: unknown, bytes: BytesAlong, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > LIMITS.depth * 2) throw new RangeError(`A value is nested more than ${LIMITS.depth} levels deep.`)
  if (Array.isArray(value)) return value.map((each) => unmark(each, bytes, depth + 1))
  const object = value as Readonly<Record<string, unknown>>
  const given = object['value']
  switch (object[MARK]) {
    case undefined: return unmarkAll(object, bytes, depth)
    case 'bytes': return bytes.at(object['at'], object['length'])
    case 'date': if (typeof given === 'number' || given === null) return new Date(given ?? Number.NaN); break
    case 'bigint': if (typeof given === 'string' && /^-?\d{1,4000}$/.test(given)) return BigInt(given); break
    case 'number': if (given === 'NaN' || given === 'Infinity' || given === '-Infinity') return Number(given); break
    case 'object': if (typeof given === 'object' && given !== null) return unmarkAll(given, bytes, depth + 1); break
  }
  throw new TypeError('A value is marked as something that it is not.')
}

function unmarkAll(object: object, bytes: BytesAlong, depth: number): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).map(([key, each]) => [key, unmark(each, bytes, depth + 1)]))
}

/** The bytes that came along with a message. Each stands for one value: a few of them that stood for thousands would fill the memory. */
class BytesAlong {
  readonly #bytes: Uint8Array
  #next = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** A copy: what stays of a message must not keep all of it. */
  at(at: unknown, length: unknown): Uint8Array {
    if (at !== this.#next || !Number.isSafeInteger(length) || (length as number) < 0 || this.#next + (length as number) > this.#bytes.byteLength) {
      throw new TypeError('A value stands for bytes that did not come along.')
    }
    this.#next += length as number
    return new Uint8Array(this.#bytes.subarray(at, this.#next))
  }
}

/** Whether JSON is nested deeper than that. Found out before it is parsed: what walks over a value that is too deep runs out of stack, wherever that is. */
export function isDeeperThan(levels: number, json: string): boolean {
  if (json.length <= levels * 2 || !opensMoreThan(levels, json)) return false
  let depth = 0
  for (let index = 0; index < json.length; index += 1) {
    switch (json.charCodeAt(index)) {
      case QUOTE: index = endOfText(json, index); break
      case OPEN_BRACE: case OPEN_BRACKET: if ((depth += 1) > levels) return true; break
      case CLOSE_BRACE: case CLOSE_BRACKET: depth -= 1; break
    }
  }
  return false
}

/** Whether there are more brackets and braces that open, those in texts among them: told in a fraction of the time, and true of next to no message. */
function opensMoreThan(most: number, json: string): boolean {
  let left = most
  for (const open of ['{', '[']) for (let at = json.indexOf(open); at !== -1; at = json.indexOf(open, at + 1)) if ((left -= 1) < 0) return true
  return false
}

/** Whether JSON has more parts than that, counted as they are when a message is made. Found out before it is parsed: many small ones take ten times as long as one text. */
function hasMoreParts(most: number, json: string): boolean {
  // The least that so many take is two characters for each array and nothing else.
  if (json.length <= (most / PARTS_OF_CONTAINER) * 2) return false
  let parts = 0
  for (let index = 0; index < json.length && parts <= most; index += 1) {
    switch (json.charCodeAt(index)) {
      case QUOTE: index = endOfText(json, index); break
      case OPEN_BRACE: case OPEN_BRACKET: parts += PARTS_OF_CONTAINER; break
      case COMMA: parts += 1; break
    }
  }
  return parts > most
}

/** Where the text that begins at a quote ends. */
function endOfText(json: string, quote: number): number {
  for (let end = json.indexOf('"', quote + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let slashes = end
    while (json.charCodeAt(slashes - 1) === BACKSLASH) slashes -= 1
    if ((end - slashes) % 2 === 0) return end
  }
  return json.length
}

const [COMMA, QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x2c, 0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d] as const
