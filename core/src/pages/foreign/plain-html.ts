import { DEEPEST, LONGEST, MOST_ELEMENTS } from './bounded-tree.ts'
import { keptAttributes, mayBeSent, rulesOf, type Attribute } from './foreign-attributes.ts'
import type { ForeignPlace } from './foreign-place.ts'
import { PLAIN_ELEMENTS, type PlainElement } from './plain-elements.ts'
import { asText, asValue, hasPlainCharacters, isVerbatim, meantBy } from './plain-text.ts'

/** What a tree has besides the elements that are written: its own root. */
const SPARE = 8
/** Most attributes of one element: each is compared with the others. */
const MOST_ATTRIBUTES = 24
/** A stand-in whose letters are written in one way only. */
const PLAIN_STAND_IN = /^[\w-]{8,}$/
const [LINE_FEED, SPACE, QUOTE, HYPHEN, SLASH, ZERO, NINE, LESS, EQUALS, GREATER, SMALL_A, SMALL_Z] = [10, 32, 34, 45, 47, 48, 57, 60, 61, 62, 97, 122]

/**
 * The same as `prunedHtml`, letter by letter, for HTML that is plain, as the UI kit writes it: small letters, quotes around values, every element closed where it stands, nothing where
 * a reader would move it, and nothing that would be taken out. It costs a tenth, since no tree is made.
 * @returns `undefined` where HTML is not plain, or holds what would be taken out: nothing is said of it then
 */
export function plainHtml(text: string, place: ForeignPlace): string | undefined {
  if (text.length > LONGEST || !hasPlainCharacters(text)) return undefined
  if (place.token !== undefined && !PLAIN_STAND_IN.test(place.token.standIn)) return undefined
  return new PlainReader(text, place).read()
}

/** Goes through a text once. Each step says whether what it found is plain, and where it is not nobody goes on. */
class PlainReader {
  readonly #text: string
  readonly #place: ForeignPlace
  readonly #standIn: string | undefined
  /** How often the stand-in is written, and was not yet found where the token goes. */
  #standIns: number
  /** Elements that are open, the outermost first. */
  readonly #open: PlainElement[] = []
  #elements = 0
  /** Whether a form is open that is posted. */
  #isPosted = false
  #at = 0
  #written = ''
  /** Up to where the text is written. */
  #done = 0

  constructor(text: string, place: ForeignPlace) {
    this.#text = text
    this.#place = place
    this.#standIn = place.token?.standIn
    this.#standIns = this.#standIn === undefined ? 0 : occurrences(text, this.#standIn)
  }

  read(): string | undefined {
    const text = this.#text
    while (this.#at < text.length) {
      const isPlain = text.charCodeAt(this.#at) !== LESS ? this.#words() : text.charCodeAt(this.#at + 1) === SLASH ? this.#endTag() : this.#startTag()
      if (!isPlain) return undefined
    }
    // A stand-in elsewhere has to go.
    if (this.#open.length > 0 || this.#standIns > 0) return undefined
    return this.#written + text.slice(this.#done)
  }

  #words(): boolean {
    const tag = this.#text.indexOf('<', this.#at)
    const end = tag === -1 ? this.#text.length : tag
    const written = this.#text.slice(this.#at, end)
    // A letter between rows comes to stand before the table; spaces stay.
    if (this.#open.at(-1)?.holds === 'parts' && !/^[\t\n ]*$/.test(written)) return false
    if (!isVerbatim(written)) {
      const meant = meantBy(written)
      if (meant === undefined) return false
      this.#put(this.#at, end, asText(meant))
    }
    this.#at = end
    return true
  }

  #endTag(): boolean {
    const element = this.#open.pop()
    if (element === undefined || !this.#text.startsWith(element.endTag, this.#at)) return false
    if (element.name === 'form') this.#isPosted = false
    this.#at += element.endTag.length
    return true
  }

  #startTag(): boolean {
    const nameEnd = endOfName(this.#text, this.#at + 1)
    const element = PLAIN_ELEMENTS.get(this.#text.slice(this.#at + 1, nameEnd))
    if (element === undefined || !this.#mayStand(element)) return false
    this.#elements += 1
    if (this.#elements > MOST_ELEMENTS - SPARE || this.#open.length > DEEPEST - SPARE) return false
    this.#at = nameEnd
    const attributes = this.#attributes(element)
    const own = rulesOf(element.name, this.#place)
    if (attributes === undefined || own === undefined || keptAttributes(attributes, own, this.#place) !== attributes) return false
    if (element.name === 'form') {
      if (!mayBeSent(attributes, this.#place)) return false
      this.#isPosted = attributes.some(({ name, value }) => name === 'method' && value === 'post')
    }
    if (element.skipsLineBreak && this.#text.charCodeAt(this.#at) === LINE_FEED) return false
    if (element.holds !== 'nothing') this.#open.push(element)
    return true
  }

  #mayStand({ within, neverBelow }: PlainElement): boolean {
    const parent = this.#open.at(-1)
    if (within === undefined ? parent !== undefined && parent.holds !== 'flow' : parent === undefined || !within.includes(parent.name)) return false
    return neverBelow.length === 0 || !this.#open.some(({ name }) => neverBelow.includes(name))
  }

  /** Reads attributes, and the end of the tag. */
  #attributes(element: PlainElement): Attribute[] | undefined {
    const text = this.#text
    const found: Attribute[] = []
    for (;;) {
      const next = text.charCodeAt(this.#at)
      if (next === GREATER) {
        this.#at += 1
        return found
      }
      if (next === SLASH) {
        if (element.holds !== 'nothing' || text.charCodeAt(this.#at + 1) !== GREATER) return undefined
        this.#put(this.#at, this.#at + 2, '>')
        this.#at += 2
        return found
      }
      const nameEnd = endOfName(text, this.#at + 1)
      if (next !== SPACE || nameEnd === this.#at + 1 || found.length === MOST_ATTRIBUTES) return undefined
      const name = text.slice(this.#at + 1, nameEnd)
      this.#at = nameEnd
      const value = this.#value(name, element, found)
      if (value === undefined || found.some((other) => other.name === name)) return undefined
      found.push({ name, value })
    }
  }

  /** Reads what stands behind an attribute's name, if anything. */
  #value(name: string, element: PlainElement, before: readonly Attribute[]): string | undefined {
    const text = this.#text
    if (text.charCodeAt(this.#at) !== EQUALS) {
      this.#put(this.#at, this.#at, '=""')
      return ''
    }
    const start = this.#at + 2
    const end = text.charCodeAt(start - 1) === QUOTE ? text.indexOf('"', start) : -1
    if (end === -1) return undefined
    const written = text.slice(start, end)
    this.#at = end + 1
    if (isVerbatim(written)) {
      if (this.#isTokenField(written, name, element, before)) this.#put(start, end, asValue(this.#token()))
      return written
    }
    const meant = meantBy(written)
    if (meant !== undefined) this.#put(start, end, asValue(meant))
    return meant
  }

  /** Whether a value is that of the field of the token, as the SDK's form writes it: its type and name come first. */
  #isTokenField(value: string, name: string, element: PlainElement, before: readonly Attribute[]): boolean {
    return value === this.#standIn && name === 'value' && element.name === 'input' && this.#isPosted &&
      before.some((one) => one.name === 'type' && one.value === 'hidden') && before.some((one) => one.name === 'name' && one.value === '_csrf')
  }

  #token(): string {
    this.#standIns -= 1
    return this.#place.token?.token ?? ''
  }

  /** Writes all that stands before a part of the text as it is, and something else for that part. */
  #put(from: number, to: number, anew: string): void {
    this.#written += this.#text.slice(this.#done, from) + anew
    this.#done = to
  }
}

function endOfName(text: string, start: number): number {
  let at = start
  for (;;) {
    const code = text.charCodeAt(at)
    if (!(code >= SMALL_A && code <= SMALL_Z) && code !== HYPHEN && !(code >= ZERO && code <= NINE)) return at
    at += 1
  }
}

function occurrences(text: string, part: string): number {
  let count = 0
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) count += 1
  return count
}
