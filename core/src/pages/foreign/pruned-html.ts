import { defaultTreeAdapter, serialize, type DefaultTreeAdapterTypes } from 'parse5'
import { PlatformError } from '../../errors.ts'
import { DROPPED_WHOLE, NEVER_NESTED } from './allow-list.ts'
import { boundedTree } from './bounded-tree.ts'
import { keptAttributes, mayBeSent, rulesOf } from './foreign-attributes.ts'
import type { ForeignPlace } from './foreign-place.ts'
import { placeToken } from './place-token.ts'

type Element = DefaultTreeAdapterTypes.Element
type Parent = DefaultTreeAdapterTypes.ParentNode
type Child = DefaultTreeAdapterTypes.ChildNode

const HTML = 'http://www.w3.org/1999/xhtml'
/** What is unwrapped comes to stand where a browser would have read it otherwise, so the rest is read again. Once or twice is enough but for mischief. */
const MOST_READINGS = 6

interface Pruning {
  readonly place: ForeignPlace
  /** Whether an element was taken away from around what it held. */
  unwrapped: boolean
}

/**
 * HTML of others, whatever it is, with nothing in it but what the allow-list names.
 *
 * The text is read into the tree that a browser would make of it, the tree is pruned, and written anew: so what a browser reads in the end is what was judged here.
 *
 * @throws PlatformError `PLUGIN_ANSWER_INVALID` when there is too much of it
 */
export function prunedHtml(text: string, place: ForeignPlace): string {
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
  const own = rulesOf(tagName, place)
  if (own === undefined || (NEVER_NESTED.has(tagName) && above.includes(tagName)) || (tagName === 'form' && !mayBeSent(node.attrs, place))) {
    pruning.unwrapped = true
    tell(place, node)
    for (const child of node.childNodes) keep(child, pruning, above, kept)
    return
  }
  const left = keptAttributes(node.attrs, own, place)
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
