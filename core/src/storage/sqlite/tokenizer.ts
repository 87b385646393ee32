/** A word of a SQL statement as SQLite reads it. Comments and white space are left out. */
export interface Token {
  /** `word` is a bare keyword or name, `name` a quoted name, `string` a literal in single quotes, `symbol` one other character. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol'
  /** Lower case; of quoted ones the content, with doubled quotes undone. */
  readonly text: string
}

const SPACE = /[ \t\n\f\r]/
// SQLite takes every character past ASCII for part of a name.
const WORD_START = /[A-Za-z_\u0080-\uffff]/
const WORD_PART = /[A-Za-z0-9_$\u0080-\uffff]/
const CLOSING: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']' }

/**
 * Splits a statement the way SQLite's own tokenizer does.
 * @returns `undefined` where SQLite would see something else than we do, or an illegal token: an open quote, a NUL, a byte order mark
 */
export function tokenize(sql: string): readonly Token[] | undefined {
  if (sql.includes('\0') || sql.includes('\ufeff')) return undefined
  const tokens: Token[] = []
  let at = 0
  while (at < sql.length) {
    const character = sql.charAt(at)
    const closing = CLOSING[character]
    if (SPACE.test(character)) {
      at += 1
    } else if (sql.startsWith('--', at)) {
      const end = sql.indexOf('\n', at)
      at = end === -1 ? sql.length : end
    } else if (sql.startsWith('/*', at)) {
      const end = sql.indexOf('*/', at + 2)
      at = end === -1 ? sql.length : end + 2
    } else if (closing !== undefined) {
      const end = endOfQuoted(sql, at, closing)
      if (end === -1) return undefined
      const content = sql.slice(at + 1, end)
      const text = closing === ']' ? content : content.replaceAll(closing + closing, closing)
      tokens.push({ kind: character === "'" ? 'string' : 'name', text: text.toLowerCase() })
      at = end + 1
    } else {
      const kind = WORD_START.test(character) ? 'word' : /[0-9]/.test(character) ? 'number' : 'symbol'
      let end = at + 1
      while (kind !== 'symbol' && end < sql.length && WORD_PART.test(sql.charAt(end))) end += 1
      tokens.push({ kind, text: sql.slice(at, end).toLowerCase() })
      at = end
    }
  }
  return tokens
}

/** Place of the quote that closes, or -1. A doubled quote is part of the content, except in brackets. */
function endOfQuoted(sql: string, start: number, closing: string): number {
  let at = sql.indexOf(closing, start + 1)
  while (at !== -1 && closing !== ']' && sql.charAt(at + 1) === closing) at = sql.indexOf(closing, at + 2)
  return at
}
