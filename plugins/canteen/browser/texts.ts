/** What the page gave the script, in the reader's language. */

/** A text, with its places filled. @throws Error for one that the page does not have */
export function text(name: string, values: Readonly<Record<string, string>> = {}): string {
  const found = document.getElementById(`texte-${name}`)?.getAttribute('value')
  if (found === null || found === undefined) throw new Error(`The page has no text "${name}".`)
  return Object.entries(values).reduce((said, [place, value]) => said.replaceAll(`{${place}}`, value), found)
}

/** A value of the page; empty where it has none. */
export function given(name: string): string {
  return document.getElementById(`texte-${name}`)?.getAttribute('value') ?? ''
}
