import { defaultTreeAdapter, type DefaultTreeAdapterTypes } from 'parse5'

/** The reader's token against forged requests, and what stands for it in HTML of others, who never learn it. */
export interface PlacedToken {
  /** Long and made by chance: no text of a page holds it otherwise. */
  readonly standIn: string
  readonly token: string
}

type Element = DefaultTreeAdapterTypes.Element

/**
 * Puts the token in where the SDK's forms carry it: `<input type="hidden" name="_csrf">` within a form that is posted. Where such a form may be sent was looked
 * at when the tree was pruned: to the plugin's own addresses, where the platform takes the field away before the plugin is given the others. Everywhere else
 * the stand-in goes: in the address of a form that looks something up, or in a text that is posted, the plugin would read what came in its place.
 */
export function placeToken(parent: DefaultTreeAdapterTypes.ParentNode, token: PlacedToken, isPosted = false): void {
  for (const node of parent.childNodes) {
    if (defaultTreeAdapter.isTextNode(node)) node.value = node.value.replaceAll(token.standIn, '')
    if (!defaultTreeAdapter.isElementNode(node)) continue
    const value = isPosted && node.tagName === 'input' && valueOf(node, 'type')?.toLowerCase() === 'hidden' && valueOf(node, 'name') === '_csrf' ? token.token : ''
    for (const attribute of node.attrs) {
      attribute.value = attribute.name === 'value' && attribute.value === token.standIn ? value : attribute.value.replaceAll(token.standIn, '')
    }
    placeToken(node, token, isPosted || (node.tagName === 'form' && valueOf(node, 'method')?.toLowerCase() === 'post'))
  }
}

function valueOf({ attrs }: Element, name: string): string | undefined {
  return attrs.find((attribute) => attribute.name === name)?.value
}
