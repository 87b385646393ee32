/** Text of a page or mail with plain spaces: those that do not break are written in two ways, as it comes from a process or not. */
export function plain(text: string): string {
  return text.replaceAll(/&nbsp;|[\u00a0\u202f]/g, ' ')
}
