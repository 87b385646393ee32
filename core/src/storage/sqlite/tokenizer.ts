import { bareToken, endOfQuoted, type Token } from '../sql-token.ts'

const SPACE = /[ \t\n\f\r]/
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
      const { token, end } = bareToken(sql, at)
      tokens.push(token)
      at = end
    }
  }
  return tokens
}
