import { trustedHtml, type VNode } from '@liberacces/sdk/host'
import { sanitizeHtml, type ForeignPlace } from './foreign/sanitize-html.ts'

/**
 * HTML that was rendered outside of the platform's process, as an element of a page: without anything that could run, load from elsewhere, post to addresses
 * of the platform or of others, or be taken for the platform's own.
 *
 * @throws PlatformError `PLUGIN_ANSWER_INVALID` when there is too much of it
 */
export function foreignHtml(html: string, place: ForeignPlace): VNode {
  return trustedHtml(sanitizeHtml(html, place))
}
