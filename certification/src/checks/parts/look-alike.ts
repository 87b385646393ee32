/** Letters that look like others, and digits in their place. */
const LOOKS: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', i: 'l', '3': 'e', '5': 's', rn: 'm', vv: 'w' }

/** What a reader sees of an id: letters that are taken for each other are one, and hyphens are not noticed. */
function seen(id: string): string {
  return id.replaceAll(/rn|vv|[0135i]/g, (part) => LOOKS[part] ?? part).replaceAll('-', '')
}

/** How many letters have to be added, left out, changed or swapped to make one text of another. */
function distance(a: string, b: string): number {
  let [before, above] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)]
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      line[column] = Math.min((above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, (above[column - 1] ?? 0) + cost, isSwap ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY)
    }
    ;[before, above] = [above, line]
  }
  return above[b.length] ?? 0
}

/** The known id that another is easily taken for, or `undefined`; an id is not its own look-alike. */
export function lookAlikeOf(id: string, known: readonly string[]): string | undefined {
  if (known.includes(id)) return undefined
  return known.find((other) => seen(id) === seen(other) || distance(id, other) <= Math.min(2, Math.floor(other.length / 8)))
}
