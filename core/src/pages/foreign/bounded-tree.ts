import { defaultTreeAdapter, html, parseFragment, type DefaultTreeAdapterTypes } from 'parse5'
import { PlatformError } from '../../errors.ts'

/** Longest HTML that is looked at, in characters: a table of a thousand rows has a tenth. */
export const LONGEST = 1_000_000
/** Most elements, whatever the mark-up makes a browser add. */
export const MOST_ELEMENTS = 30_000
/** Deepest nesting; browsers flatten what is deeper than 512. */
export const DEEPEST = 256

/** A piece of HTML as the tree that a browser makes of it. */
export type Fragment = DefaultTreeAdapterTypes.DocumentFragment

/**
 * Reads HTML as a browser does within a `<div>`. Mark-up that costs more to read than it is long is given up in time.
 * @throws PlatformError `PLUGIN_ANSWER_INVALID` when it is too long, too deep, or holds too many elements
 */
export function boundedTree(text: string): Fragment {
  if (text.length > LONGEST) throw tooMuch(`it has ${text.length} characters, and may have ${LONGEST}`)
  let elements = 0
  let depth = 0
  return parseFragment<DefaultTreeAdapterTypes.DefaultTreeAdapterMap>(defaultTreeAdapter.createElement('div', html.NS.HTML, []), text, {
    scriptingEnabled: true,
    treeAdapter: {
      ...defaultTreeAdapter,
      createElement(...parts) {
        elements += 1
        if (elements > MOST_ELEMENTS) throw tooMuch(`it makes more than ${MOST_ELEMENTS} elements`)
        return defaultTreeAdapter.createElement(...parts)
      },
      // What stands before a table is put there again and again: it is near the end of its siblings.
      insertBefore(parent, child, before) {
        parent.childNodes.splice(parent.childNodes.lastIndexOf(before), 0, child)
        child.parentNode = parent
      },
      onItemPush() {
        depth += 1
        if (depth > DEEPEST) throw tooMuch(`it is nested more than ${DEEPEST} deep`)
      },
      onItemPop() {
        depth -= 1
      },
    },
  })
}

function tooMuch(what: string): PlatformError {
  return new PlatformError('PLUGIN_ANSWER_INVALID', `The HTML of a plugin is not shown: ${what}.`, { fix: 'Show less on one page, such as by <Pagination>.' })
}
