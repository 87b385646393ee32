/** An element of a document that is written: attributes, then text or elements. `undefined` among the elements is left out. */
export interface Element { readonly name: string; readonly attributes: Readonly<Record<string, string>>; readonly content: string | readonly (Element | undefined)[] }

/** An element. */
export function element(name: string, content: Element['content'] = [], attributes: Element['attributes'] = {}): Element {
  return { name, attributes, content }
}

/** The text of an element and what is in it, two spaces a level. */
export function xmlText({ name, attributes, content }: Element, indent = ''): string {
  const open = `${indent}<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlEscaped(value)}"`).join('')}`
  if (typeof content === 'string') return `${open}>${xmlEscaped(content)}</${name}>\n`
  const children = content.filter((child) => child !== undefined)
  return children.length === 0 ? `${open}/>\n` : `${open}>\n${children.map((child) => xmlText(child, `${indent}  `)).join('')}${indent}</${name}>\n`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text as it stands in XML. Characters that XML 1.0 does not know are left out: they are no part of a name or address. */
export function xmlEscaped(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is meant
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
}
