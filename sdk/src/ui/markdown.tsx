import MarkdownIt from 'markdown-it'
import type { JSX } from 'preact'
import { useWords } from './words.ts'

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
  const words = useWords()
  return <div class="la-prose" dangerouslySetInnerHTML={{ __html: renderer(headingLevel, words('table')).render(text) }} />
}

function renderer(headingLevel: number, table: string): InstanceType<typeof MarkdownIt> {
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
  // A wide table scrolls inside this frame, also by keyboard.
  markdown.renderer.rules['table_open'] = () => `<div class="la-table-frame" role="region" aria-label="${table}" tabindex="0"><table class="la-table">`
  markdown.renderer.rules['table_close'] = () => '</table></div>'
  markdown.renderer.rules['th_open'] = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet('scope', 'col')
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
