import { defaultTreeAdapter, serialize, type DefaultTreeAdapterTypes } from 'parse5'
import { PlatformError } from '../../errors.ts'
import {
  ALLOWED_CLASS, DROPPED_WHOLE, FORM_ELEMENTS, GLOBAL_ATTRIBUTES, INPUT_TYPES, LINK_RELATIONS, NEVER_NESTED, RESERVED_ID, TEXT_ELEMENTS, type AttributeRule,
} from './allow-list.ts'
import { boundedTree } from './bounded-tree.ts'
import { isLinkAddress, isOwnAddress, isOwnPicture, isUnder } from './foreign-address.ts'
import { placeToken, type PlacedToken } from './place-token.ts'

/** Where HTML of others is put, which decides what it may do there. */
export interface ForeignPlace {
  /**
   * `page`: the body of a page at the plugin's own address, where a form without address is sent. `part`: among others, such as a tile.
   * `text`: mark-up of text only, no forms and no fields, such as within a form of the platform's own.
   */
  readonly place: 'page' | 'part' | 'text'
  /** Addresses under which forms may be posted, each with a `/` at its end: `/apps/canteen/`, or the same with an origin. */
  readonly formsTo: readonly string[]
  /** What becomes of the text that stands for the reader's token against forged requests; left out: it is text as any other. */
  readonly token?: PlacedToken
  /** Told of what is taken out, for certification. A piece may be read, and told, more than once. @defaultValue nobody */
  readonly takenOut?: WatchTakenOut | undefined
}

/** What may not stand in HTML of others, and was taken out of it. */
export interface TakenOut {
  readonly element: string
  /** The attribute that was taken from it; `undefined` when it went itself. */
  readonly attribute: string | undefined
  /** The attribute's value, or what tells of the element where it leads: 200 characters at most. */
  readonly value: string
}

/** Told of each thing that is taken out of HTML. It must not throw. */
export type WatchTakenOut = (one: TakenOut) => void

type Element = DefaultTreeAdapterTypes.Element
type Parent = DefaultTreeAdapterTypes.ParentNode
type Child = DefaultTreeAdapterTypes.ChildNode

const ARIA = /^aria-[a-z]+$/
const HTML = 'http://www.w3.org/1999/xhtml'
/** What is unwrapped comes to stand where a browser would have read it otherwise, so the rest is read again. Once or twice is enough but for mischief. */
const MOST_READINGS = 6

interface Pruning {
  readonly place: ForeignPlace
  /** Whether an element was taken away from around what it held. */
  unwrapped: boolean
}

/**
 * HTML of others with nothing in it but what the allow-list names. What the UI kit renders comes out as it went in.
 *
 * The text is read into the tree that a browser would make of it, the tree is pruned, and written anew: so what a browser reads in the end is what was judged here.
 *
 * @throws PlatformError `PLUGIN_ANSWER_INVALID` when there is too much of it
 */
export function sanitizeHtml(text: string, place: ForeignPlace): string {
  let html = text
  for (let reading = 0; reading < MOST_READINGS; reading += 1) {
    const tree = boundedTree(html)
    const pruning = { place, unwrapped: false }
    prune(tree, pruning, [])
    if (!pruning.unwrapped && place.token !== undefined) placeToken(tree, place.token)
    html = serialize(tree)
    if (!pruning.unwrapped) return html
  }
  throw new PlatformError('PLUGIN_ANSWER_INVALID', 'The HTML of a plugin is not shown: what may not stand in it is nested too strangely.', { fix: 'Use the components of the UI kit.' })
}

// Calls itself as deep as the tree is, which is bounded when it is read.
function prune(parent: Parent, pruning: Pruning, above: readonly string[]): void {
  const kept: Child[] = []
  for (const child of parent.childNodes) keep(child, pruning, above, kept)
  parent.childNodes = kept
  for (const child of kept) child.parentNode = parent
}

/** Adds what is left of a node: itself, what it holds, or nothing. */
function keep(node: Child, pruning: Pruning, above: readonly string[], kept: Child[]): void {
  const { place } = pruning
  if (defaultTreeAdapter.isTextNode(node)) kept.push(node)
  if (!defaultTreeAdapter.isElementNode(node)) return
  const { tagName } = node
  // Within SVG and MathML names mean something else.
  if (node.namespaceURI !== HTML || DROPPED_WHOLE.has(tagName)) {
    tell(place, node)
    return
  }
  const own = TEXT_ELEMENTS.get(tagName) ?? (place.place === 'text' ? undefined : FORM_ELEMENTS.get(tagName))
  if (own === undefined || (NEVER_NESTED.has(tagName) && above.includes(tagName)) || (tagName === 'form' && !mayBeSent(node, place))) {
    pruning.unwrapped = true
    tell(place, node)
    for (const child of node.childNodes) keep(child, pruning, above, kept)
    return
  }
  const left = keptAttributes(node, own, place)
  if (place.takenOut !== undefined && left !== node.attrs) for (const attribute of node.attrs) if (!left.some(({ name, value }) => name === attribute.name && value === attribute.value)) tell(place, node, attribute)
  node.attrs = left
  prune(node, pruning, NEVER_NESTED.has(tagName) ? [...above, tagName] : above)
  if (tagName === 'pre' || tagName === 'textarea') keepFirstLine(node)
  kept.push(node)
}

function tell({ takenOut }: ForeignPlace, { tagName, attrs }: Element, attribute?: Element['attrs'][number]): void {
  if (takenOut === undefined) return
  const value = attribute?.value ?? attrs.find(({ name }) => name === 'src' || name === 'href' || name === 'action')?.value ?? ''
  takenOut({ element: tagName, attribute: attribute?.name, value: value.slice(0, 200) })
}

/** Readers skip one line break after these tags, and writing does not put it back. */
function keepFirstLine({ childNodes: [first] }: Element): void {
  if (first !== undefined && defaultTreeAdapter.isTextNode(first) && first.value.startsWith('\n')) first.value = `\n${first.value}`
}

/**
 * Whether a form may stand. One that changes something goes to the plugin's own addresses alone: it carries the token by which the platform takes it
 * for the reader's own will. One that looks something up may go anywhere on this site.
 */
function mayBeSent({ attrs }: Element, { place, formsTo }: ForeignPlace): boolean {
  const valueOf = (name: string): string | undefined => attrs.find((attribute) => attribute.name === name)?.value
  const action = valueOf('action') ?? ''
  if (valueOf('method')?.toLowerCase() !== 'post') return isOwnAddress(action)
  return isUnder(action, formsTo) || (place === 'page' && /^(?:$|\?)/.test(action))
}

/** The same list where nothing is taken away, as in all that the kit renders: long pages have thousands. */
function keptAttributes({ attrs }: Element, own: Readonly<Record<string, AttributeRule>>, place: ForeignPlace): Element['attrs'] {
  let changed: Element['attrs'] | undefined
  for (const [index, attribute] of attrs.entries()) {
    const { name, value } = attribute
    const rule = Object.hasOwn(own, name) ? own[name] : Object.hasOwn(GLOBAL_ATTRIBUTES, name) ? GLOBAL_ATTRIBUTES[name] : ARIA.test(name) ? 'text' : undefined
    const kept = rule === undefined ? undefined : keptValue(rule, value, place)
    if (kept !== value) changed ??= attrs.slice(0, index)
    if (kept !== undefined) changed?.push(kept === value ? attribute : { name, value: kept })
  }
  return changed ?? attrs
}

function keptValue(rule: AttributeRule, value: string, { formsTo }: ForeignPlace): string | undefined {
  const only = (isAllowed: boolean): string | undefined => (isAllowed ? value : undefined)
  switch (rule) {
    case 'text': return value
    case 'class': return tokens(value, (one) => ALLOWED_CLASS.test(one))
    case 'rel': return tokens(value, (one) => LINK_RELATIONS.has(one.toLowerCase()))
    case 'id': return only(!RESERVED_ID.test(value))
    case 'link': return only(isLinkAddress(value))
    case 'own-image': return only(isOwnPicture(value))
    // That of a form is judged with its method.
    case 'form-action': return value
    case 'button-action': return only(isUnder(value, formsTo))
    case 'method': return only(/^(?:get|post)$/i.test(value))
    case 'encoding': return only(/^(?:application\/x-www-form-urlencoded|multipart\/form-data)$/i.test(value))
    case 'tab-index': return only(value === '0' || value === '-1')
    case 'input-type': return only(INPUT_TYPES.has(value.toLowerCase()))
    case 'button-type': return only(/^(?:submit|reset|button)$/i.test(value))
    case 'number': return only(/^-?\d{1,9}(?:\.\d{1,9})?$/.test(value))
    default: return rule satisfies never
  }
}

/** As it was when each word may stay, without the others otherwise, nothing when none is left. */
function tokens(value: string, isAllowed: (one: string) => boolean): string | undefined {
  if (value !== '' && !/[\t\n\f\r ]/.test(value)) return isAllowed(value) ? value : undefined
  const words = value.split(/[\t\n\f\r ]+/).filter((one) => one !== '')
  const kept = words.filter((one) => isAllowed(one))
  return kept.length === words.length ? value : kept.length === 0 ? undefined : kept.join(' ')
}
