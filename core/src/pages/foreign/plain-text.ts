// Text and values as plain HTML writes them, and as a tree writes them anew.

/** All but tabs, line feeds and what is seen, and the mark of byte order: readers change some of it, or leave it out. */
const UNSEEN = /[^\t\n -~\u00A0-\uFEFE\uFF00-\uFFFF]/
const ESCAPED = /["&<>\u00A0]/
const ANOTHER_ESCAPE = /&(?!(?:amp|lt|gt|quot|nbsp);)/
const ESCAPE = /&(?:amp|lt|gt|quot|nbsp);/g
const MEANT: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&nbsp;': '\u00A0' }
const WRITTEN: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\u00A0': '&nbsp;' }

/** Whether there is nothing in a text that readers would change before they read it. */
export function hasPlainCharacters(text: string): boolean {
  return !UNSEEN.test(text) && text.isWellFormed()
}

/** Whether a text is written as it is meant, as text and as value: most are. */
export function isVerbatim(written: string): boolean {
  return !ESCAPED.test(written)
}

/** What a written text means; `undefined` when it has escapes that are not among the few. */
export function meantBy(written: string): string | undefined {
  return ANOTHER_ESCAPE.test(written) ? undefined : written.replaceAll(ESCAPE, (escape) => MEANT[escape] ?? '')
}

/** As text between tags is written. */
export function asText(meant: string): string {
  return meant.replaceAll(/[&<>\u00A0]/g, (one) => WRITTEN[one] ?? '')
}

/** As a value is written between quotes. */
export function asValue(meant: string): string {
  return meant.replaceAll(/["&<>\u00A0]/g, (one) => WRITTEN[one] ?? '')
}
