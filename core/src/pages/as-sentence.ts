/** With a full stop where there is none: an error thrown by a plugin ends as it likes. */
export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
