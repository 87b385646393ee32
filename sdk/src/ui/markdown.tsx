import MarkdownIt from 'markdown-it'
import type { JSX } from 'preact'

/** Text with light mark-up. */
export interface MarkdownProps {
  /** CommonMark. HTML in it is shown as text. */
  readonly text: string
  /** Level of its largest heading. @defaultValue 2 */
  readonly headingLevel?: 2 | 3
}

/**
 * Text written in Markdown. Links to other sites do not hand over this page (`rel="noopener"`); pictures are shown from this
 * site only, others by their alternative text.
 */
export function Markdown({ text, headingLevel = 2 }: MarkdownProps): JSX.Element {
  return <div class="la-prose" dangerouslySetInnerHTML={{ __html: renderer(headingLevel).render(text) }} />
}

function renderer(headingLevel: number): InstanceType<typeof MarkdownIt> {
  const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false })
  markdown.core.ruler.push('heading-level', (state) => {
    for (const token of state.tokens) {
      if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + headingLevel - 1)}`
    }
  })
  markdown.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet('rel', 'noopener')
    return self.renderToken(tokens, index, options)
  }
  const image = markdown.renderer.rules['image']
  markdown.renderer.rules['image'] = (tokens, index, options, env, self) => {
    const token = tokens[index]
    const own = /^\/(?!\/)/.test(String(token?.attrGet('src') ?? ''))
    return own && image !== undefined ? image(tokens, index, options, env, self) : markdown.utils.escapeHtml(token?.content ?? '')
  }
  return markdown
}
