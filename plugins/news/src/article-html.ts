import MarkdownIt from 'markdown-it'

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i

/**
 * An article's text as HTML that stands alone in a feed reader: HTML in the Markdown is shown as text, script addresses
 * are dropped, and every link and picture is absolute, since few readers honour `xml:base`.
 * @param base - absolute address that relative ones start from
 */
export function articleHtml(markdown: string, base: string): string {
  const renderer = new MarkdownIt({ html: false, linkify: true, typographer: false })
  // As on the page, the words of a picture alone: one from elsewhere would tell its server who reads.
  renderer.renderer.rules.image = (tokens, index) => renderer.utils.escapeHtml(tokens[index]?.content ?? '')
  renderer.normalizeLink = (url) => {
    if (ABSOLUTE.test(url)) return encodeURI(decodeSafely(url))
    return URL.canParse(url, base) ? new URL(url, base).href : ''
  }
  // The title of the entry is the heading above.
  renderer.core.ruler.push('heading-level', ({ tokens }) => {
    for (const token of tokens) {
      if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`
    }
  })
  return renderer.render(markdown)
}

/** Percent signs that stand for nothing are no reason to lose the article. */
function decodeSafely(url: string): string {
  try {
    return decodeURI(url)
  } catch {
    return url
  }
}
