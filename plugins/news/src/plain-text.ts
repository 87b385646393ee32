/** Characters that turn the direction of what follows them: in a title they could make one text look like another. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g
const SPACES = /[\p{Cc}\p{Zl}\p{Zp}\p{White_Space}]+/gu
/** Non-breaking spaces stay: French typography needs them. */
const NON_BREAKING = /^[\u00a0\u202f]$/

/** One line of text as it is kept: well-formed Unicode in composed form (NFC), no control characters, single spaces. */
export function oneLine(text: string): string {
  return wellFormed(text).replace(SPACES, (spaces) => (NON_BREAKING.test(spaces) ? spaces : ' ')).trim()
}

/** Text of several lines as it is kept: like {@link oneLine}, but with `\n`, tabs and runs of spaces, which mean something in Markdown. */
export function severalLines(text: string): string {
  return wellFormed(text).replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '').trim()
}

function wellFormed(text: string): string {
  return text.toWellFormed().normalize('NFC').replace(DIRECTION, '')
}
