import type { ForeignPlace } from './foreign-place.ts'
import { plainHtml } from './plain-html.ts'
import { prunedHtml } from './pruned-html.ts'

/**
 * HTML of others with nothing in it but what the allow-list names. What the UI kit renders comes out as it went in.
 *
 * Two roads lead to the same text: what is written so plainly that it can be read but in one way is judged as it stands, everything else as the tree
 * that a browser would make of it.
 *
 * @throws PlatformError `PLUGIN_ANSWER_INVALID` when there is too much of it
 */
export function sanitizeHtml(text: string, place: ForeignPlace): string {
  return plainHtml(text, place) ?? prunedHtml(text, place)
}
