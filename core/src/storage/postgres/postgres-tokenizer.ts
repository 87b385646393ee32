import { bareToken, endOfQuoted, type Token } from '../sql-token.ts'

const SPACE = /[ \t\n\f\r\v]/
/** Before a quote they change what it means: escapes with a backslash, Unicode escapes, bits, national characters. */
const PREFIXES: ReadonlySet<string> = new Set(['e', 'u', 'b', 'x', 'n'])

/**
 * Splits a statement the way PostgreSQL does (with `standard_conforming_strings`, which is on since 9.1).
 * @returns `undefined` for what could be read in two ways, and what nobody needs: an open quote, a NUL, a string with escapes or between
 * dollars, a comment in a comment
 */
export function tokenizePostgres(sql: string): readonly Token[] | undefined {
  if (sql.includes('\0') || sql.includes('\ufeff')) return undefined
  const tokens: Token[] = []
  let at = 0
  while (at < sql.length) {
    const character = sql.charAt(at)
    if (SPACE.test(character)) {
      at += 1
    } else if (sql.startsWith('--', at)) {
      const end = /[\n\r]/.exec(sql.slice(at))?.index
      at = end === undefined ? sql.length : at + end
    } else if (sql.startsWith('/*', at)) {
      const end = sql.indexOf('*/', at + 2)
      if (end === -1 || sql.slice(at + 2, end).includes('/*')) return undefined
      at = end + 2
    } else if (character === "'" || character === '"') {
      const end = endOfQuoted(sql, at, character)
      const before = tokens.at(-1)
      const isPrefixed = at > 0 && before !== undefined && ((before.kind === 'word' && PREFIXES.has(before.text)) || before.text === '&') && !SPACE.test(sql.charAt(at - 1))
      if (end === -1 || isPrefixed) return undefined
      tokens.push({ kind: character === "'" ? 'string' : 'name', text: sql.slice(at + 1, end).replaceAll(character + character, character).toLowerCase() })
      at = end + 1
    } else if (character === '$') {
      const parameter = /^\$\d+(?![A-Za-z_$\u0080-\uffff])/.exec(sql.slice(at, at + 12))
      if (parameter === null) return undefined
      tokens.push({ kind: 'number', text: parameter[0] })
      at += parameter[0].length
    } else {
      const { token, end } = bareToken(sql, at)
      tokens.push(token)
      at = end
    }
  }
  return tokens
}
