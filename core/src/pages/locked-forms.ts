import { defaultTreeAdapter, html, parseFragment, serialize, type DefaultTreeAdapterTypes } from 'parse5'

type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

const FIELDS: ReadonlySet<string> = new Set(['input', 'select', 'textarea'])
/** Coming and going is open to everybody. */
const ALWAYS_OPEN = '/auth/'

/** What a locked form says. */
export interface LockedWords {
  /** A sentence, above the fields of a form. */
  readonly form: string
  /** A few words, for screen readers, behind the label of a button that stands alone. */
  readonly button: string
}

/**
 * The body of a page for somebody who may look and change nothing: what would be posted can be read and not be sent, and says why. The platform refuses it in any case; this
 * is for whoever would have filled it in first. Whoever made the HTML (the kernel, a plugin here or in a process of its own, a remote application) need not know of it.
 */
export function lockForms(body: string, words: LockedWords): string {
  if (!body.includes('<form')) return body
  const tree = parseFragment(defaultTreeAdapter.createElement('div', html.NS.HTML, []), body, { scriptingEnabled: true })
  for (const form of elementsIn(tree)) {
    if (form.tagName !== 'form' || attributeOf(form, 'method')?.toLowerCase() !== 'post' || attributeOf(form, 'action')?.startsWith(ALWAYS_OPEN) === true) continue
    lock(form, words)
  }
  return serialize(tree)
}

function lock(form: Element, words: LockedWords): void {
  const controls = [...elementsIn(form)].filter((each) => each.tagName === 'button' || (FIELDS.has(each.tagName) && attributeOf(each, 'type') !== 'hidden'))
  const hasFields = controls.some(({ tagName }) => FIELDS.has(tagName))
  for (const control of controls) {
    if (attributeOf(control, 'disabled') === undefined) control.attrs.push({ name: 'disabled', value: '' })
    if (!hasFields) defaultTreeAdapter.appendChild(control, textElement('span', 'la-hidden-text', ` (${words.button})`))
  }
  if (!hasFields) return
  // After the token, as the first thing that is seen.
  const first = form.childNodes.find((node) => !(defaultTreeAdapter.isElementNode(node) && node.tagName === 'input' && attributeOf(node, 'type') === 'hidden'))
  const note = textElement('p', 'la-hint', words.form)
  if (first === undefined) defaultTreeAdapter.appendChild(form, note)
  else defaultTreeAdapter.insertBefore(form, note, first)
}

function textElement(name: string, className: string, text: string): Element {
  const element = defaultTreeAdapter.createElement(name, html.NS.HTML, [{ name: 'class', value: className }])
  defaultTreeAdapter.insertText(element, text)
  return element
}

/** Everything below, in the order of the text. By a list of its own: a page may be nested deeper than calls may. */
function* elementsIn(parent: DefaultTreeAdapterTypes.ParentNode): Generator<Element> {
  const waiting: Node[] = parent.childNodes.toReversed()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!defaultTreeAdapter.isElementNode(node)) continue
    yield node
    waiting.push(...node.childNodes.toReversed())
  }
}

function attributeOf({ attrs }: Element, name: string): string | undefined {
  return attrs.find((attribute) => attribute.name === name)?.value
}
