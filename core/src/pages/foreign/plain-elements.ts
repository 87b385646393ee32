// Which elements may stand where, so narrowly that every reader of HTML makes the same tree of it: nothing is closed, opened, moved or left out unasked.
// It is no list of what may stand at all: that is allow-list.ts.

/** How an element may stand in plain HTML. */
export interface PlainElement {
  readonly name: string
  /**
   * `flow`: text, and all that names no parents. `text`: nothing but text. `parts`: what names it as parent, and no letter between.
   * `nothing`: it has no end tag.
   */
  readonly holds: 'flow' | 'text' | 'parts' | 'nothing'
  /** The only elements that it may stand in; left out: any that holds `flow`, and the outermost place. */
  readonly within?: readonly string[]
  /** Elements within which, however deep, it would be read otherwise. */
  readonly neverBelow: readonly string[]
  /** Readers leave out a line break after its tag. */
  readonly skipsLineBreak: boolean
  readonly endTag: string
}

/** What a paragraph ends before. */
const BLOCKS = [
  'div', 'section', 'article', 'header', 'footer', 'nav', 'aside', 'address', 'search', 'figure', 'figcaption', 'hgroup', 'ul', 'ol', 'menu', 'dl', 'blockquote', 'details', 'summary', 'fieldset', 'p',
]
const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
/** What a reader opens again where it was not closed. Closed in order they are as others; not one in itself, as three of the same are forgotten. */
const FORMATTING = ['b', 'i', 'u', 's', 'em', 'strong', 'small', 'code', 'a']
const TEXT = ['span', 'kbd', 'samp', 'var', 'q', 'cite', 'mark', 'sub', 'sup', 'abbr', 'dfn', 'bdi', 'bdo', 'time', 'del', 'ins', 'data', 'progress', 'meter', 'legend', 'output']
const TERMS = ['dt', 'dd']
const CELLS = ['td', 'th']
const ROW_GROUPS = ['thead', 'tbody', 'tfoot']

function element(name: string, { holds = 'flow', within, neverBelow = [], skipsLineBreak = false }: Partial<Omit<PlainElement, 'name' | 'endTag'>> = {}): readonly [string, PlainElement] {
  return [name, { name, holds, ...(within === undefined ? {} : { within }), neverBelow, skipsLineBreak, endTag: `</${name}>` }]
}

/**
 * By name. What is not here is read as a tree: what stands for itself in ruby, foreign elements, raw text.
 * Lists and cells name their parents, so that none ends another of its kind.
 */
export const PLAIN_ELEMENTS: ReadonlyMap<string, PlainElement> = new Map<string, PlainElement>([
  ...BLOCKS.map((name) => element(name, { neverBelow: ['p'] })),
  element('pre', { neverBelow: ['p'], skipsLineBreak: true }),
  ...HEADINGS.map((name) => element(name, { neverBelow: ['p', ...HEADINGS] })),
  ...FORMATTING.map((name) => element(name, { neverBelow: [name] })),
  ...TEXT.map((name) => element(name)),
  ...['br', 'wbr', 'img', 'input'].map((name) => element(name, { holds: 'nothing' })),
  element('hr', { holds: 'nothing', neverBelow: ['p'] }),
  element('li', { within: ['ul', 'ol', 'menu'], neverBelow: ['p'] }),
  // They may stand in a <div> of the list, which would not keep one from ending another around it.
  ...TERMS.map((name) => element(name, { within: ['dl', 'div'], neverBelow: ['p', ...TERMS] })),
  element('table', { holds: 'parts', neverBelow: ['p', 'table'] }),
  element('caption', { within: ['table'] }),
  element('colgroup', { holds: 'parts', within: ['table'] }),
  element('col', { holds: 'nothing', within: ['colgroup'] }),
  ...ROW_GROUPS.map((name) => element(name, { holds: 'parts', within: ['table'] })),
  element('tr', { holds: 'parts', within: ROW_GROUPS }),
  ...CELLS.map((name) => element(name, { within: ['tr'] })),
  element('form', { neverBelow: ['p', 'form'] }),
  element('button', { neverBelow: ['button'] }),
  element('label', { neverBelow: ['label'] }),
  element('textarea', { holds: 'text', skipsLineBreak: true }),
  element('select', { holds: 'parts' }),
  element('datalist', { holds: 'parts' }),
  element('optgroup', { holds: 'parts', within: ['select'] }),
  element('option', { holds: 'text', within: ['select', 'optgroup', 'datalist'] }),
])
