// What HTML of others may hold: all that the UI kit and Markdown render, and plain text mark-up. Everything else is taken out.
// Nothing here can run, load from elsewhere, cover the page, or stand for a part of the platform's own page.

/** What an attribute's value must be. */
export type AttributeRule = 'text' | 'class' | 'id' | 'link' | 'own-image' | 'form-action' | 'button-action' | 'method' | 'rel' | 'tab-index' | 'input-type' | 'button-type' | 'encoding' | 'number'

type Attributes = Readonly<Record<string, AttributeRule>>

/** On every element; and besides those `aria-…`. */
export const GLOBAL_ATTRIBUTES: Attributes = { class: 'class', id: 'id', lang: 'text', dir: 'text', title: 'text', role: 'text', tabindex: 'tab-index', hidden: 'text', translate: 'text' }

const NONE: Attributes = {}
const CELL: Attributes = { colspan: 'number', rowspan: 'number', headers: 'text', scope: 'text', abbr: 'text' }
const COLUMN: Attributes = { span: 'number' }
const FIELD: Attributes = { name: 'text', disabled: 'text', required: 'text', autocomplete: 'text', autocapitalize: 'text', spellcheck: 'text', inputmode: 'text', enterkeyhint: 'text', placeholder: 'text', readonly: 'text' }

/** Elements of text, and what they may bear besides the global attributes. */
export const TEXT_ELEMENTS: ReadonlyMap<string, Attributes> = new Map<string, Attributes>([
  ...['p', 'div', 'span', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hgroup', 'section', 'article', 'header', 'footer', 'nav', 'aside', 'address', 'search', 'figure', 'figcaption',
    'ul', 'menu', 'dl', 'dt', 'dd', 'br', 'hr', 'wbr', 'pre', 'code', 'kbd', 'samp', 'var', 'blockquote', 'q', 'cite', 'strong', 'em', 'b', 'i', 'u', 's', 'small', 'mark', 'sub', 'sup',
    'abbr', 'dfn', 'bdi', 'bdo', 'ruby', 'rt', 'rp', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'table', 'summary'].map((name) => [name, NONE] as const),
  ['ol', { start: 'number', reversed: 'text', type: 'text' }],
  ['li', { value: 'number' }],
  ['time', { datetime: 'text' }],
  ['del', { datetime: 'text' }],
  ['ins', { datetime: 'text' }],
  ['data', { value: 'text' }],
  ['details', { open: 'text' }],
  ['progress', { value: 'number', max: 'number' }],
  ['meter', { value: 'number', min: 'number', max: 'number', low: 'number', high: 'number', optimum: 'number' }],
  ['th', CELL],
  ['td', CELL],
  ['col', COLUMN],
  ['colgroup', COLUMN],
  ['a', { href: 'link', rel: 'rel', hreflang: 'text', download: 'text' }],
  ['img', { src: 'own-image', alt: 'text', width: 'number', height: 'number', loading: 'text', decoding: 'text' }],
])

/** Elements of forms. */
export const FORM_ELEMENTS: ReadonlyMap<string, Attributes> = new Map<string, Attributes>([
  ['form', { action: 'form-action', method: 'method', enctype: 'encoding', novalidate: 'text', autocomplete: 'text' }],
  ['label', { for: 'text' }],
  ['fieldset', { disabled: 'text' }],
  ['legend', NONE],
  ['input', { ...FIELD, type: 'input-type', value: 'text', checked: 'text', min: 'text', max: 'text', step: 'text', minlength: 'number', maxlength: 'number', pattern: 'text', multiple: 'text', accept: 'text', size: 'number', list: 'text' }],
  ['textarea', { ...FIELD, rows: 'number', cols: 'number', minlength: 'number', maxlength: 'number' }],
  ['select', { name: 'text', disabled: 'text', required: 'text', multiple: 'text', size: 'number', autocomplete: 'text' }],
  ['optgroup', { label: 'text', disabled: 'text' }],
  ['option', { value: 'text', label: 'text', selected: 'text', disabled: 'text' }],
  ['datalist', NONE],
  ['output', { for: 'text', name: 'text' }],
  ['button', { type: 'button-type', name: 'text', value: 'text', disabled: 'text', formaction: 'button-action', formenctype: 'encoding', formnovalidate: 'text' }],
])

/** Elements that go with all they hold; what holds nothing but text for a reader is merely unwrapped. */
export const DROPPED_WHOLE: ReadonlySet<string> = new Set([
  'script', 'style', 'template', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'noscript', 'noembed', 'noframes', 'xmp', 'plaintext', 'listing', 'title', 'head', 'base', 'link', 'meta',
  'svg', 'math', 'canvas', 'audio', 'video', 'picture', 'source', 'track', 'map', 'area', 'portal', 'fencedframe', 'dialog', 'param', 'marquee', 'turbo-stream', 'turbo-frame', 'turbo-stream-source',
])

/** Within one of the same name these would end it; browsers never read them so. */
export const NEVER_NESTED: ReadonlySet<string> = new Set(['a', 'button', 'form', 'select', 'label'])

/** Types of `<input>` that the kit renders, and their like. `image` would be a picture from elsewhere. */
export const INPUT_TYPES: ReadonlySet<string> = new Set(['text', 'search', 'email', 'url', 'tel', 'password', 'number', 'range', 'date', 'time', 'datetime-local', 'month', 'week', 'color', 'checkbox', 'radio', 'file', 'hidden', 'submit', 'reset', 'button'])

/** What a link may say about the page it leads to. Not what makes the browser fetch it. */
export const LINK_RELATIONS: ReadonlySet<string> = new Set(['noopener', 'noreferrer', 'nofollow', 'prev', 'next', 'external', 'license', 'author', 'tag', 'bookmark', 'help', 'search', 'alternate', 'up', 'me', 'ugc'])

/** Classes of the UI kit, and the names of languages that Markdown gives to code. */
export const ALLOWED_CLASS = /^(?:la|language)-[\w+#.-]+$/

/** Ids of the platform's own page: the goal of its skip link, and the frames of slots that Turbo fills. */
export const RESERVED_ID = /^(?:contenu$|slot-|turbo)/i
