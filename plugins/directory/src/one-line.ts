/** A text typed into a one-line field: composed (NFC), no control characters, no leading, trailing or doubled spaces. */
export function oneLine(text: string): string {
  return text.normalize('NFC').replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
}

/** A text of several lines: composed (NFC), Unix line ends, no other control characters, no trailing spaces. */
export function severalLines(text: string): string {
  return text.normalize('NFC').replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]/gu, ' ').replace(/[ \t]+$/gm, '').trim()
}
