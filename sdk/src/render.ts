import { h, type VNode } from 'preact'
import { jsxTemplate } from 'preact/jsx-runtime'
import { renderToString } from 'preact-render-to-string'
import type { Locale } from './localized.ts'
import { ReaderProvider } from './ui/reader.ts'

/** For whom a fragment is rendered. */
export interface RenderOptions {
  readonly locale: Locale
  readonly csrfToken: string
}

/** Renders what a page or contribution returned to HTML. */
export function renderToHtml(node: VNode | null, options: RenderOptions): string {
  return node === null ? '' : renderToString(h(ReaderProvider, { value: options }, node))
}

/**
 * HTML as an element, with nothing around it. It is rendered as it stands: who calls this answers for it.
 */
export function trustedHtml(html: string): VNode {
  return jsxTemplate([html])
}
