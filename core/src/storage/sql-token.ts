/** A word of a SQL statement as a database reads it. Comments and white space are left out. */
export interface Token {
  /** `word` is a bare keyword or name, `name` a quoted name, `string` a literal in single quotes, `symbol` one other character. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol'
  /** Lower case; of quoted ones the content, with doubled quotes undone. */
  readonly text: string
}

// Both databases take every character past ASCII for part of a name.
const WORD_START = /[A-Za-z_\u0080-\uffff]/
const WORD_PART = /[A-Za-z0-9_$\u0080-\uffff]/

/** The word, number or symbol that begins here, and where the next one may. */
export function bareToken(sql: string, at: number): { readonly token: Token; readonly end: number } {
  const character = sql.charAt(at)
  const kind = WORD_START.test(character) ? 'word' : /[0-9]/.test(character) ? 'number' : 'symbol'
  let end = at + 1
  while (kind !== 'symbol' && end < sql.length && WORD_PART.test(sql.charAt(end))) end += 1
  return { token: { kind, text: sql.slice(at, end).toLowerCase() }, end }
}

/** Place of the quote that closes, or -1. A doubled quote is part of the content, except in brackets. */
export function endOfQuoted(sql: string, start: number, closing: string): number {
  let at = sql.indexOf(closing, start + 1)
  while (at !== -1 && closing !== ']' && sql.charAt(at + 1) === closing) at = sql.indexOf(closing, at + 2)
  return at
}
