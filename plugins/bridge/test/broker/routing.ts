/** Whether a routing key fits a binding of an exchange, as AMQP 0-9-1 says (section 3.1.3). */
export function isRouted(kind: string, pattern: string, key: string): boolean {
  if (kind === 'fanout') return true
  if (kind !== 'topic') return pattern === key
  return fits(pattern.split('.'), key.split('.'))
}

function fits([first, ...rest]: readonly string[], words: readonly string[]): boolean {
  if (first === undefined) return words.length === 0
  if (first === '#') return fits(rest, words) || (words.length > 0 && fits([first, ...rest], words.slice(1)))
  return words.length > 0 && (first === '*' || first === words[0]) && fits(rest, words.slice(1))
}
